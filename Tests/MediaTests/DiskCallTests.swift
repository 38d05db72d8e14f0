import Foundation
import TestSupport
import Testing

@testable import Support

@Suite("Calls on files that may never return")
struct DiskCallTests {
  /// The code of the error for a call on `path` that hangs until the gate is open.
  private func hang(_ path: String, _ gate: DispatchSemaphore) -> Int32? {
    do throws(FileError) {
      try DiskCall.run("stat", path, limit: 0.2) { _ throws(FileError) in gate.wait() }
      return nil
    } catch {
      return error.code
    }
  }

  @Test("what a call gives or throws is passed on")
  func results() throws {
    let folder = try TemporaryFolder()
    #expect(try FileStatus(folder.path).kind == .folder)
    #expect(throws: FileError(code: ENOENT, call: "stat", path: folder.path + "/x")) {
      try FileStatus(folder.path + "/x")
    }
  }

  @Test("a call that hangs is given up, and its place remembered until it returns")
  func hanging() throws {
    let gate = DispatchSemaphore(value: 0)
    #expect(hang("/no-such-drive/a", gate) == ETIMEDOUT)
    #expect(StuckDrives.hold("/no-such-drive/a"))
    #expect(StuckDrives.hold("/no-such-drive/../no-such-drive/./a/b"))
    #expect(!StuckDrives.hold("/no-such-drive/ab") && !StuckDrives.hold("/"))
    #expect(throws: FileError(code: ETIMEDOUT, call: "stat", path: "/no-such-drive/a/b")) {
      try FileStatus("/no-such-drive/a/b")
    }
    gate.signal()
    #expect(waitUntil { !StuckDrives.hold("/no-such-drive/a") })
  }

  @Test("a long call is not given up while its steps go on")
  func steps() throws {
    let sum = try DiskCall.run("read", "/", limit: 0.5) { work throws(FileError) in
      for _ in 0..<20 {
        usleep(50_000)
        work.goOn()
      }
      return 20
    }
    #expect(sum == 20)
  }

  @Test("of many calls only those that hang have no result")
  func each() {
    let gate = DispatchSemaphore(value: 0)
    let paths = ["/1", "/hang", "/2", "/hang/3", "/4"]
    let lengths = DiskCall.each("stat", paths, limit: 0.3) { path in
      if path == "/hang" { gate.wait() }
      return path.utf8.count
    }
    #expect(lengths == [2, nil, 2, nil, 2])
    gate.signal()
  }

  @Test("mount points are read from the system's table")
  func mountPoints() {
    let table = """
      22 1 0:20 / / rw,relatime - ext4 /dev/sda1 rw
      36 35 98:0 /mnt1 /mnt/my\\040disk\\134 rw,noatime master:1 - nfs server:/x rw
      broken line
      """
    #expect(MountPoints.parse(Array(table.utf8)) == ["/", "/mnt/my disk\\"])
  }
}

#if os(Linux)
@Suite("A mounted drive that doesn't answer", .requires(.mount))
struct StuckDrivesTests {
  @Test("is remembered as a whole, by whatever path, until it answers")
  func memory() throws {
    let drive = try StuckDrive(Data(), readable: 0)
    defer { drive.remove() }
    let folder = try TemporaryFolder()
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: drive.path + "/folder")
    #expect(!StuckDrives.hold(link + "/x"))
    #expect(throws: FileError(code: ETIMEDOUT, call: "stat", path: drive.path + "/stat")) {
      try DiskCall.run("stat", drive.path + "/stat", limit: 0.2) { _ throws(FileError) in
        try FileStatus(waitingFor: drive.path + "/stat")
      }
    }
    #expect(StuckDrives.hold(drive.path) && StuckDrives.hold(drive.path + "/other/x"))
    #expect(StuckDrives.hold(link + "/x") && !StuckDrives.hold(folder.path + "/x"))
    #expect(FolderListing.item(at: link) == .unanswered)
    drive.remove()
    #expect(waitUntil { !StuckDrives.hold(link + "/x") })
  }
}
#endif
