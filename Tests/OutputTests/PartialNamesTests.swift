import Foundation
import TestSupport
import Testing

@testable import Support

@Suite("Names of temporary files")
struct PartialNamesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a folder is listed once for all files that this process writes there")
  func once() throws {
    let names = PartialNames()
    var listings = 0
    func find() throws -> Set<[UInt8]> {
      try names.names(in: folder.path) {
        listings += 1
        return [[1]]
      }
    }
    _ = try find()
    for number in 0..<100 {
      let path = folder.path + "/\(number)"
      try names.keeping(folder.path) {
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
      } _: { names, _ in
        names.insert([2, UInt8(number)])
      }
      #expect(try find().count == number + 2)
    }
    #expect(listings == 1)
  }

  @Test("it is listed again after another program changed it")
  func again() throws {
    let names = PartialNames()
    var listings = 0
    for number in 0..<5 {
      _ = try names.names(in: folder.path) {
        listings += 1
        return []
      }
      // The time of change has steps.
      usleep(20_000)
      #expect(FileManager.default.createFile(atPath: folder.path + "/\(number)", contents: nil))
    }
    #expect(listings == 5)
  }

  @Test("a writer that came later than the list is found, and a finished one is forgotten")
  func later() throws {
    let first = try PartialFile(folder.path + "/a.mp4")
    try first.commit()
    usleep(20_000)
    // As another process would do it.
    let other = folder.path + "/" + TemporaryName.random(for: "b.mp4")
    let descriptor = unsafe open(other, O_WRONLY | O_CREAT, 0o600)
    #expect(OutputClaim.take(descriptor))
    #expect(throws: FileError.self) { try PartialFile(folder.path + "/b.mp4") }
    close(descriptor)
    let second = try PartialFile(folder.path + "/b.mp4")
    #expect(throws: FileError.self) { try PartialFile(folder.path + "/b.mp4") }
    try second.commit()
    let third = try PartialFile(folder.path + "/b.mp4")
    third.discard()
    #expect(try FolderListing.names(in: folder.path) == ["a.mp4", "b.mp4"])
  }
}
