internal import Foundation

/// The files of a truth that is a folder.
enum FolderFiles {
  /// Paths below `folder`, relative to it, of files whose suffix is one of `suffixes`, by their bytes.
  ///
  /// What begins with a dot is passed over.
  static func paths(in folder: String, suffixes: Set<String>) -> [String] {
    // A link is followed at the start only, so that a circle of them has an end.
    let start = URL(filePath: folder).resolvingSymlinksInPath().path
    guard let walk = FileManager.default.enumerator(atPath: start) else { return [] }
    var paths: [String] = []
    while let path = walk.nextObject() as? String {
      let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
      if !isHidden, suffixes.contains((path as NSString).pathExtension.lowercased()) {
        paths.append(path)
      }
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that something lies in.
  static func parent(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

  /// The suffix of a file's name in small letters.
  static func suffix(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }

  /// A file as text; what is no UTF-8 is taken for Latin-1, in which any bytes are text.
  static func text(_ path: String) throws(EvaluationError) -> String {
    let data = try JSONFile.contents(path)
    guard data.count <= 64 << 20 else {
      throw EvaluationError(
        path: path, message: "The file is larger than any such file should be.",
        remedy: "Check that it is the right one.")
    }
    let text =
      String(validating: data, as: UTF8.self)
      ?? String(String.UnicodeScalarView(data.map { Unicode.Scalar($0) }))
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
}
