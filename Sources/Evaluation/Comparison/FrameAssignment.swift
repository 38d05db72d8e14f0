internal import Annotations

/// Which frame of the results belongs to which image of the truth.
public struct FrameAssignment: Sendable {
  /// The index of its frame for each image of the truth, if it has one.
  public private(set) var frames: [Int?]
  /// The indices of frames that belong to no image of the truth.
  public private(set) var unassigned: [Int] = []

  /// Assigns frames by name.
  ///
  /// Names match if they are the same path, if the image's path is the end of the frame's, or if
  /// the file names are equal; the latter two also without suffixes. Earlier rules win.
  ///
  /// - Throws: `EvaluationError` if several frames or images match.
  public init(images: [String], frames names: [String]) throws(EvaluationError) {
    frames = [Int?](repeating: nil, count: images.count)
    var isFree = [Bool](repeating: true, count: names.count)
    for rule in Rule.allCases {
      var candidates: [String: [Int]] = [:]
      for (index, name) in names.enumerated() where isFree[index] {
        for key in rule.frameKeys(name) { candidates[key, default: []].append(index) }
      }
      var takers: [Int: Int] = [:]
      for (index, image) in images.enumerated() where frames[index] == nil {
        guard let fitting = candidates[rule.imageKey(image)] else { continue }
        if fitting.count > 1 { throw Self.ambiguous(image, fitting.map { names[$0] }) }
        if let other = takers.updateValue(index, forKey: fitting[0]) {
          throw Self.ambiguous(names[fitting[0]], [images[other], image])
        }
        frames[index] = fitting[0]
      }
      for frame in takers.keys { isFree[frame] = false }
    }
    unassigned = isFree.indices.filter { isFree[$0] }
  }

  private static func ambiguous(_ name: String, _ others: [String]) -> EvaluationError {
    EvaluationError(
      path: name, message: "Several images go by this name: \(others[0]) and \(others[1]).",
      remedy: "Name images with their folders on both sides, or evaluate the folders one by one.")
  }

  private enum Rule: CaseIterable {
    case path, pathEnd, pathEndStem, fileName, stem

    func imageKey(_ name: String) -> String {
      switch self {
      case .path, .pathEnd: Rule.plain(name)
      case .pathEndStem: Rule.withoutSuffix(Rule.plain(name))
      case .fileName: Rule.last(name)
      case .stem: Rule.withoutSuffix(Rule.last(name))
      }
    }

    func frameKeys(_ name: String) -> [String] {
      switch self {
      case .path: return [Rule.plain(name)]
      case .pathEnd: return Rule.ends(Rule.plain(name))
      case .pathEndStem: return Rule.ends(Rule.withoutSuffix(Rule.plain(name)))
      case .fileName: return [Rule.last(name)]
      case .stem: return [Rule.withoutSuffix(Rule.last(name))]
      }
    }

    /// `name` with forward slashes and without `./` in front.
    private static func plain(_ name: String) -> String {
      var name = String(name.map { $0 == "\\" ? "/" : $0 })
      while name.hasPrefix("./") { name.removeFirst(2) }
      return name
    }

    private static func last(_ name: String) -> String {
      plain(name).split(separator: "/").last.map(String.init) ?? name
    }

    /// `a/b/c` as `a/b/c`, `b/c` and `c`.
    private static func ends(_ path: String) -> [String] {
      let parts = path.split(separator: "/")
      return parts.indices.map { parts[$0...].joined(separator: "/") }
    }

    private static func withoutSuffix(_ path: String) -> String {
      let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
      guard let dot = path[nameStart...].lastIndex(of: "."), dot > nameStart else { return path }
      // The number sign precedes the number of a video's frame.
      if let number = path[dot...].firstIndex(of: "#") {
        return String(path[..<dot] + path[number...])
      }
      return String(path[..<dot])
    }
  }
}

extension FrameRecord {
  /// The names by which a truth refers to `frames`: `SOURCE`, or `SOURCE#INDEX` in a video of
  /// several frames.
  static func imageNames(of frames: [FrameRecord]) -> [String] {
    var counts: [String: Int] = [:]
    for frame in frames { counts[frame.source, default: 0] += 1 }
    return frames.map { frame in
      counts[frame.source] == 1 && frame.index == 0
        ? frame.source : "\(frame.source)#\(frame.index)"
    }
  }
}
