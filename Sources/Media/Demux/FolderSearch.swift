import Foundation
internal import Support

/// The files and links in a folder and below.
struct FolderSearch {
  /// The paths of the regular files.
  private(set) var files: [String] = []
  /// Where the links lead, by their paths.
  private(set) var links: [String: String] = [:]
  /// Why there may be others; `nil` if there are none.
  private(set) var obstacle: Refusal.Reason?

  private static let mostFiles = 100_000

  init(in folder: String) {
    var folders = [folder]
    var count = 0
    while let folder = folders.popLast() {
      guard let names = try? FolderListing.names(in: folder) else {
        obstacle = .unreadableFolder
        return
      }
      count += names.count
      guard count <= Self.mostFiles else {
        obstacle = .tooLong
        return
      }
      for name in names {
        let path = folder + "/" + name
        var status = stat()
        guard unsafe lstat(FileName.cString(path), &status) == 0 else {
          // What was removed in the meantime leads nowhere.
          if errno == ENOENT { continue }
          obstacle = .unreadableFolder
          return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: files.append(path)
        case S_IFDIR: folders.append(path)
        case S_IFLNK: links[path] = existingPath(waitingFor: path)
        default: break
        }
      }
    }
  }
}
