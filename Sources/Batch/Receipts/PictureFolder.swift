internal import Foundation
internal import Support

/// The folder of one source's pictures: numbered JPEG files, and what a killed run has left.
enum PictureFolder {
  /// How many pictures there are, and their bytes.
  struct Contents: Equatable {
    var files = 0
    var bytes = 0
  }

  /// What is there, for as long as the disk takes; nothing if there is no folder.
  static func contents(waitingFor folder: String) -> Contents {
    var contents = Contents()
    for name in pictures(in: folder) {
      guard let status = try? FileStatus(waitingFor: PathText.join(folder, name)) else { continue }
      contents.files += 1
      contents.bytes += status.size
    }
    return contents
  }

  /// Removes the pictures of an earlier run, and nothing else that is in the folder.
  static func clear(_ folder: String) {
    for name in pictures(in: folder, withPartial: true) {
      _ = unsafe unlink(FileName.cString(PathText.join(folder, name)))
    }
  }

  private static func pictures(in folder: String, withPartial: Bool = false) -> [String] {
    guard let names = try? FolderListing.names(in: folder) else { return [] }
    return names.filter {
      isNumberedPicture($0)
        && ($0.hasSuffix(".jpg") || withPartial && $0.hasSuffix(".partial"))
    }
  }
}
