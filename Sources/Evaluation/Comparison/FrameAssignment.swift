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
      let waiting = images.indices.filter { self.frames[$0] == nil }
      var keys = NameIndex(isByEnd: rule.isByEnd)
      let keyOfImage = waiting.map { keys.add(rule.key(images[$0])) }
      var candidates = [[Int]](repeating: [], count: keys.count)
      for (frame, name) in names.enumerated() where isFree[frame] {
        for key in keys.matches(of: rule.key(name)) { candidates[key].append(frame) }
      }
      var takers: [Int: Int] = [:]
      for (index, key) in zip(waiting, keyOfImage) {
        let fitting = candidates[key]
        guard let frame = fitting.first else { continue }
        if fitting.count > 1 {
          throw Self.ambiguous(images[index], names[frame], names[fitting[1]])
        }
        if let other = takers.updateValue(index, forKey: frame) {
          throw Self.ambiguous(names[frame], images[other], images[index])
        }
        self.frames[index] = frame
      }
      for frame in takers.keys { isFree[frame] = false }
    }
    unassigned = isFree.indices.filter { isFree[$0] }
  }

  private static func ambiguous(
    _ name: String, _ first: String, _ second: String
  ) -> EvaluationError {
    EvaluationError(
      path: name, message: "Several images go by this name: \(first) and \(second).",
      remedy: "Name images with their folders on both sides, or evaluate the folders one by one.")
  }

  private enum Rule: CaseIterable {
    case path, pathEnd, pathEndStem, fileName, stem

    /// Whether an image's path may be the end of a frame's.
    var isByEnd: Bool { self == .pathEnd || self == .pathEndStem }

    /// What has to be equal, as bytes.
    func key(_ name: String) -> ArraySlice<UInt8> {
      let path = Rule.plain(name)
      return switch self {
      case .path, .pathEnd: path
      case .pathEndStem: Rule.withoutSuffix(path)
      case .fileName: Rule.last(path)
      case .stem: Rule.withoutSuffix(Rule.last(path))
      }
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// `name` with forward slashes and without `./` in front.
    private static func plain(_ name: String) -> ArraySlice<UInt8> {
      var path = name.utf8.map { $0 == UInt8(ascii: "\\") ? slash : $0 }[...]
      while path.starts(with: [dot, slash]) { path = path.dropFirst(2) }
      return path
    }

    private static func last(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      path.split(separator: slash).last ?? path
    }

    private static func withoutSuffix(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      let nameStart = path.lastIndex(of: slash).map { $0 + 1 } ?? path.startIndex
      guard let dot = path[nameStart...].lastIndex(of: dot), dot > nameStart else { return path }
      // The number sign precedes the number of a video's frame.
      if let number = path[dot...].firstIndex(of: UInt8(ascii: "#")) {
        return path[..<dot] + path[number...]
      }
      return path[..<dot]
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
