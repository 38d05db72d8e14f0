import Foundation
import TestSupport
import Testing

@testable import Support

/// Temporary names, and who may write a file.
@Suite("Files that are being written")
struct TemporaryFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test("temporary names can't be guessed: no two are the same, and all are of their file")
  func random() {
    let names = (0..<1000).map { _ in TemporaryName.random(for: "a.jsonl") }
    #expect(Set(names).count == 1000)
    for name in names {
      #expect(TemporaryName.Pattern(of: "a.jsonl").matches(Array(name.utf8)))
      #expect(!TemporaryName.Pattern(of: "a").matches(Array(name.utf8)))
      #expect(!TemporaryName.Pattern(of: "jsonl").matches(Array(name.utf8)))
    }
    #expect(!TemporaryName.Pattern(of: "a.jsonl").matches(Array("a.jsonl.partial".utf8)))
  }

  @Test("long names have temporary names that fit, another one for each")
  func long() throws {
    let names = ["1", "2"].map { String(repeating: "ü", count: 120) + $0 + ".jsonl" }
    for name in names {
      let file = try AtomicFile(folder.path + "/" + name)
      try file.write([1])
      try file.finish()
      #expect(TemporaryName.random(for: name).utf8.count <= 255)
    }
    #expect(try self.names == names)
    let random = Array(TemporaryName.random(for: names[0]).utf8)
    #expect(TemporaryName.Pattern(of: names[0]).matches(random))
    #expect(!TemporaryName.Pattern(of: names[1]).matches(random))
  }

  @Test("a name that is not UTF-8 has temporary names of its bytes")
  func rawName() throws {
    let name = FileName.text([0x61, 0xFF, 0xE9])
    let random = FileName.bytes(TemporaryName.random(for: name))
    #expect(random.starts(with: [0x61, 0xFF, 0xE9, 0x2E]))
    #expect(TemporaryName.Pattern(of: name).matches(random))
    let first = try AtomicFile(folder.path + "/" + name)
    #expect(throws: FileError.self) { try AtomicFile(folder.path + "/" + name) }
    try first.finish()
    #expect(try FolderListing.names(in: folder.path) == [name])
  }

  @Test("what is called X.partial, file or link, is never touched")
  func formerName() throws {
    try folder.add("precious", "precious")
    try folder.add("b.partial", "precious")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/a.partial", withDestinationPath: "precious")
    for name in ["a", "b"] {
      let file = try AtomicFile(folder.path + "/" + name)
      try file.write(Array("result".utf8))
      try file.finish()
      #expect(try text(name) == "result")
      #expect(try text(name + ".partial") == "precious")
    }
    #expect(try names == ["a", "a.partial", "b", "b.partial", "precious"])
  }

  @Test("a second writer of a file is refused, by any path, and the first one completes it")
  func second() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: ".")
    let first = try AtomicFile(folder.path + "/a.jsonl")
    try first.write(Array("first".utf8))
    for path in ["/a.jsonl", "/link/a.jsonl", "/./a.jsonl"] {
      let error = #expect(throws: FileError.self) { try AtomicFile(folder.path + path) }
      #expect(error?.isInUse == true)
      let appending = #expect(throws: FileError.self) { try AppendedFile(folder.path + path) }
      #expect(appending?.isInUse == true)
    }
    // Other names are free, those that only start alike as well.
    try AtomicFile(folder.path + "/a").finish()
    try AtomicFile(folder.path + "/a.jsonl.jsonl").finish()
    try first.finish()
    #expect(try text("a.jsonl") == "first")
    try AtomicFile(folder.path + "/a.jsonl").finish()
    #expect(try names == ["a", "a.jsonl", "a.jsonl.jsonl", "link"])
  }

  @Test("a folder that is claimed, by this process or another, doesn't hold up each file in it")
  func claimedFolder() throws {
    var began = ContinuousClock.now
    try withExtendedLifetime(try FolderClaim(folder.path)) {
      for number in 0..<5 { try AtomicFile("\(folder.path)/a\(number)").finish() }
    }
    #expect(began.duration(to: .now) < .seconds(4))
    let other = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(other) }
    try #require(flock(other, LOCK_EX | LOCK_NB) == 0)
    began = .now
    for number in 0..<5 { try AtomicFile("\(folder.path)/b\(number)").finish() }
    #expect(began.duration(to: .now) < .seconds(15))
    #expect(try names.count == 10)
  }

  @Test("of many writers that start at once, one gets the file")
  func race() throws {
    for round in 0..<20 {
      let path = "\(folder.path)/r\(round)"
      // Each is kept until all have tried.
      let winners = Locked<[AtomicFile]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        guard let file = try? AtomicFile(path) else { return }
        winners.withLock { $0.append(file) }
      }
      let files = winners.withLock { $0 }
      #expect(files.count == 1)
      for file in files { try file.finish() }
    }
    #expect(try names.count == 20, "nothing but the results is left")
  }

  @Test("what a killed run has left stays until the next one, and doesn't stop it")
  func stale() throws {
    // As it is after a kill: the file without its lock.
    let left = TemporaryName.random(for: "a.jsonl")
    try folder.add(left, "half a result")
    try folder.add("a.jsonl", "old")
    let file = try AtomicFile(folder.path + "/a.jsonl")
    #expect(try !names.contains(left))
    try file.write(Array("new".utf8))
    try file.finish()
    #expect(try names == ["a.jsonl"] && text("a.jsonl") == "new")
  }

  @Test("a failed run keeps what it has written, and leaves no empty file")
  func failed() throws {
    do {
      let file = try AtomicFile(folder.path + "/a")
      try file.write([1])
      _ = try AtomicFile(folder.path + "/b")
    }
    let left = try names
    #expect(left.count == 1 && left[0].hasPrefix("a.") && left[0].hasSuffix(".partial"))
  }

  @Test("a folder and a name that ends with a slash are refused at once")
  func folders() throws {
    for path in [folder.path, folder.path + "/", folder.path + "/new/"] {
      let error = #expect(throws: FileError.self) { try AtomicFile(path) }
      #expect(error?.code == EISDIR)
    }
  }

  #if os(Linux)
  @Test("files in shared memory are files, and a mistyped device isn't")
  func devices() throws {
    #expect(!PartialFile.isSpecial("/dev/shm/no-such-file"))
    #expect(PartialFile.isSpecial("/dev/no-such-device") && PartialFile.isSpecial("/dev/null"))
  }
  #endif

  @Test("paths are resolved as far as there is something")
  func resolved() throws {
    try folder.add("d/x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/l", withDestinationPath: "d")
    let base = resolvedPath(folder.path)
    #expect(resolvedPath(folder.path + "/l/x") == base + "/d/x")
    #expect(resolvedPath(folder.path + "/l/new/y") == base + "/d/new/y")
    #expect(resolvedPath(folder.path + "/d/new/../y/.") == base + "/d/y")
    for (name, target) in [("dangling", "d/none"), ("circle", "circle"), ("up", "../none")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: target)
    }
    #expect(resolvedPath(folder.path + "/dangling") == base + "/d/none")
    #expect(resolvedPath(folder.path + "/circle") == base + "/circle")
    #expect(resolvedPath(folder.path + "/up") == PathText.parent(of: base) + "/none")
    #expect(resolvedPath("no-such-name").utf8.first == UInt8(ascii: "/"))
  }
}
