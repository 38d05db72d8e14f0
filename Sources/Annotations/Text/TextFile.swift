package import Foundation
internal import Support

/// Finds and reads the files of data sets.
package enum TextFile {
  /// The files with a suffix in a folder and the folders in it, relative to it, sorted by their
  /// UTF-8 bytes.
  static func paths(in folder: String, suffix: String) throws(AnnotationError) -> [String] {
    do throws(FileError) {
      return try FolderListing.files(in: folder, suffixes: [suffix], isRecursive: true)
        .sorted(by: FolderListing.precedesInBytes)
    } catch {
      throw AnnotationError(
        error, path: folder, message: "The folder cannot be read.",
        remedy: "Check that you may read it and the folders in it.")
    }
  }

  /// The bytes of a file.
  package static func contents(_ path: String) throws(AnnotationError) -> Data {
    do throws(FileError) {
      return Data(try FileBytes.read(path))
    } catch {
      throw AnnotationError(
        error, path: path, message: "The file cannot be read.",
        remedy: "Check its path, and that you may read it.")
    }
  }

  /// A file as text, read as Latin-1 if it is not UTF-8: every byte is a character there.
  static func text(_ path: String) throws(AnnotationError) -> String {
    let data = try contents(path)
    guard data.count <= 64 << 20 else {
      throw AnnotationError(
        path: path, message: "The file is larger than any such file should be.",
        remedy: "Check that it is the right one.")
    }
    let text =
      String(validating: data, as: UTF8.self)
      ?? String(String.UnicodeScalarView(data.map { Unicode.Scalar($0) }))
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
}

extension AnnotationError {
  /// The error for a failed call: these sentences, unless the drive doesn't answer.
  fileprivate init(_ failure: FileError, path: String, message: String, remedy: String) {
    self.init(
      path: failure.isTimedOut ? failure.path : path,
      message: failure.isTimedOut ? "\(failure.reason)." : message,
      remedy: failure.isTimedOut ? "Check the drive and its network, then run it again." : remedy,
      isTransient: failure.isTimedOut)
  }
}

extension StringProtocol {
  /// The text without the white space around it.
  var trimmingWhitespace: String {
    guard let start = firstIndex(where: { !$0.isWhitespace }),
      let end = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[start...end])
  }
}
