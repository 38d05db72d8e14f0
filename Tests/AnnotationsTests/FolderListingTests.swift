import Foundation
import Support
import TestSupport
import Testing

@Suite("Folders")
struct FolderListingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in [
      "b.txt", "B.TXT", "ä.txt", "a.png", ".hidden.txt", "none", "z/c.txt", "z/.git/d.txt",
      "e/f.txt", ".txt", "e/f.txt~",
    ] {
      try folder.add(name)
    }
  }

  @Test("files are sorted by their bytes, each folder's own before those of the folders in it")
  func order() throws {
    let own = ["B.TXT", "b.txt", "ä.txt"]
    #expect(
      try FolderListing.files(in: folder.path, suffixes: ["txt"], isRecursive: false) == own)
    #expect(
      try FolderListing.files(in: folder.path, suffixes: ["txt"], isRecursive: true)
        == own + ["e/f.txt", "z/c.txt"])
    #expect(
      try FolderListing.files(in: folder.path + "/", suffixes: ["png"], isRecursive: true)
        == ["a.png"])
  }

  @Test("links to folders are not followed, except the one that is listed")
  func links() throws {
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: folder.path + "/z/up", withDestinationPath: folder.path)
    try manager.createSymbolicLink(
      atPath: folder.path + "/z/linked.png", withDestinationPath: folder.path + "/a.png")
    #expect(
      try FolderListing.files(in: folder.path + "/z/up/z", suffixes: ["png"], isRecursive: true)
        == ["linked.png"])
    #expect(
      try FolderListing.files(in: folder.path + "/z/up", suffixes: ["png"], isRecursive: true)
        == ["a.png", "z/linked.png"])
    #expect(try FolderListing.folders(in: folder.path + "/z") == [])
  }

  @Test("a missing folder is an error, not an empty one")
  func missing() {
    #expect(throws: (any Error).self) {
      try FolderListing.files(in: folder.path + "/no", suffixes: ["txt"], isRecursive: true)
    }
  }
}
