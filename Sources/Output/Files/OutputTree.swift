public import Pipeline
internal import Support

/// Gives each source its own path in an output folder, with the same subfolders as in its name.
///
/// `a/clip.mp4` becomes `DIR/a/clip.mp4…`, so that files of different folders stay apart. Names
/// that lead out of the folder or are no file names (URLs) are made safe; if two become equal, the
/// second gets a number. A path that leads to an input is refused.
public final class OutputTree {
  /// The folder.
  public let root: String
  private let inputs: Set<FileIdentity>
  private var places: [String: String] = [:]
  private var taken: Set<String> = []

  /// Plans the folder `root` without making it; the files `inputs` are never written to.
  public init(root: String, inputs: Set<FileIdentity>) {
    self.root = root
    self.inputs = inputs
  }

  /// The path of `source`'s output without a suffix; always the same for the same name.
  public func place(of source: String) -> String {
    if let known = places[source] { return known }
    let plain = Self.harmless(source)
    var place = plain
    var number = 2
    while !taken.insert(place).inserted {
      place = "\(plain)-\(number)"
      number += 1
    }
    places[source] = place
    return place
  }

  /// The path `ROOT/PLACE` + `suffix`; makes its folder.
  ///
  /// - Throws: `SinkError` when the folder cannot be made or the path is an input.
  public func path(for source: String, suffix: String) throws(SinkError) -> String {
    let path = root + (root.hasSuffix("/") ? "" : "/") + place(of: source) + suffix
    try makeDirectories(parentPath(of: path))
    try refuseInput(path, inputs: inputs)
    return path
  }

  /// A relative path of plain components, made of the name of a source.
  static func harmless(_ source: String) -> String {
    let withoutScheme = source.replacingScheme()
    let components = withoutScheme.split(separator: "/").compactMap { component -> String? in
      switch component {
      case ".": nil
      case "..": "__"
      default: shortened(String(component.map { isHarmless($0) ? $0 : "_" }))
      }
    }
    return components.isEmpty ? "source" : components.joined(separator: "/")
  }

  private static func isHarmless(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first, scalar.value >= 0x20 else { return false }
    return !":?*\"<>|\\\u{7F}".unicodeScalars.contains(scalar)
  }

  /// File systems allow 255 bytes per component; suffixes need some of them.
  private static func shortened(_ component: String) -> String {
    guard component.utf8.count > 200 else { return component }
    var kept = component
    while kept.utf8.count > 180 { kept.removeLast() }
    // Keeps names apart that differ only at their end, in the same way in every run.
    return kept + "-" + String(Checksum.fnv1a(component.utf8), radix: 16)
  }
}

extension String {
  /// `rtsp://host/a` as `rtsp/host/a`; standard input as `stdin`.
  fileprivate func replacingScheme() -> String {
    if self == "-" { return "stdin" }
    guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix("://") else { return self }
    return self[..<colon] + "/" + self[index(colon, offsetBy: 3)...]
  }
}

/// Refuses to write to a file that is read.
///
/// - Throws: `SinkError` when `path` leads to one of `inputs`.
public func refuseInput(_ path: String, inputs: Set<FileIdentity>) throws(SinkError) {
  guard let identity = FileIdentity(path: path), inputs.contains(identity) else { return }
  throw SinkError(
    .outputFailed,
    "\(path): this output is one of the inputs. Choose another path; inputs are never written to.")
}
