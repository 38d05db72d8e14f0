import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Output
@testable import Support

@Suite("Output folders")
struct OutputTreeTests {
  private let folder: TemporaryFolder
  private var root: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  private func tree(
    _ content: OutputTree.Content = .pictures, inputs: [String] = []
  ) -> OutputTree {
    OutputTree(root: root, content: content, inputs: InputFiles(inputs))
  }

  @Test("sources with the same name in different folders stay apart")
  func folders() throws {
    let tree = tree()
    func picture(_ source: String) throws -> String {
      try tree.picture("000001.jpg", of: source, run: nil)
    }
    #expect(try picture("a/clip.mp4") == root + "/a/clip.mp4/000001.jpg")
    #expect(try picture("b/clip.mp4") == root + "/b/clip.mp4/000001.jpg")
    #expect(try picture("/a/clip.mp4") == root + "/a/clip.mp4-2/000001.jpg")
    #expect(try picture("a/clip.mp4") == root + "/a/clip.mp4/000001.jpg")
    #expect(isDirectory(root + "/b/clip.mp4"))
    #expect(
      try tree.picture("000001.jpg", of: "cam", run: "r-1") == root + "/cam/r-1/000001.jpg")
  }

  @Test("a folder that another process fills is refused")
  func claimed() throws {
    let (mine, other) = (tree(), tree())
    _ = try other.picture("000001.jpg", of: "a.mp4", run: nil)
    let error = #expect(throws: SinkError.self) {
      try mine.picture("000001.jpg", of: "a.mp4", run: nil)
    }
    #expect(error?.kind == .refused)
    #expect(throws: SinkError.self) { try mine.check("a.mp4") }
    // Another source in the same folder, and the same one afterwards.
    _ = try mine.picture("000001.jpg", of: "b.mp4", run: nil)
    other.close("a.mp4")
    try mine.check("a.mp4")
    _ = try mine.picture("000001.jpg", of: "a.mp4", run: nil)
  }

  @Test(
    "names are unique after their suffix is added",
    arguments: [
      (["c.webm", "c.webm.mp4"], ["c.webm.mp4", "c.webm-2.mp4"]),
      (["c.webm.mp4", "c.webm"], ["c.webm.mp4", "c.webm-2.mp4"]),
      (["a.mp4", "A.mp4"], ["a.mp4", "A-2.mp4"]),
      (["caf\u{E9}.mp4", "cafe\u{301}.mp4"], ["caf\u{E9}.mp4", "cafe\u{301}-2.mp4"]),
      (["a:1", "a?1", "a*1"], ["a_1.mp4", "a_1-2.mp4", "a_1-3.mp4"]),
      (["a.mp4", "a.mp4/b"], ["a.mp4", "a.mp4-2/b.mp4"]),
      (["a.mp4/b", "a.mp4"], ["a.mp4/b.mp4", "a-2.mp4"]),
      (["x/1", "x/1-2.mp4", "x/1.mp4"], ["x/1.mp4", "x/1-2.mp4", "x/1-3.mp4"]),
    ] as [([String], [String])])
  func unique(sources: [String], expected: [String]) throws {
    let tree = tree(.videos)
    let paths = try sources.map { try tree.file(for: $0) }
    #expect(paths.map { Array($0.utf8) } == expected.map { Array("\(root)/\($0)".utf8) })
  }

  @Test("images and folders of frames never share a name")
  func imagesAndFolders() throws {
    let tree = tree()
    #expect(try tree.file(for: "a.webp") == root + "/a.webp.jpg")
    #expect(try tree.file(for: "a.webp.jpg") == root + "/a.webp-2.jpg")
    #expect(
      try tree.picture("0.jpg", of: "a.webp.jpg/x", run: nil) == root + "/a.webp.jpg-2/x/0.jpg")
    #expect(try tree.picture("0.jpg", of: "cam", run: nil) == root + "/cam/0.jpg")
    // The frame of "cam" with this number, or a part of it, may come later.
    #expect(try tree.file(for: "cam/000000.jpg") == root + "/cam/000000_2.jpg")
    #expect(try tree.file(for: "cam/1000000.jpg") == root + "/cam/1000000_2.jpg")
    #expect(try tree.file(for: "cam/000000-2-cat.jpg") == root + "/cam/000000_2-2-cat.jpg")
    #expect(try tree.file(for: "cam/000000-2-cat.png") == root + "/cam/000000_2-2-cat.png")
    #expect(try tree.file(for: "cam/000000 1.jpg") == root + "/cam/000000 1.jpg")
    #expect(try tree.file(for: "cam/door.jpg") == root + "/cam/door.jpg")
  }

  @Test("many names that become the same are told apart in reasonable time")
  func many() {
    var names = OutputNames()
    #expect(Set((0..<20_000).map { _ in names.file("a/b.jpg") }).count == 20_000)
  }

  @Test(
    "no name of a source leads out of the folder",
    arguments: [
      ("../../etc/passwd", "__/__/etc/passwd"), ("./a", "a"), ("/", "source"), ("..", "__"),
      ("rtsp://10.0.0.5:554/h264?x=1", "rtsp/10.0.0.5_554/h264_x=1"), ("-", "stdin"),
      ("a\nb", "a_b"), ("a//b", "a/b"), ("../\u{301}x", "__/\u{301}x"),
      ("..\u{2F}\u{338}..\u{2F}\u{20D2}x", "__/\u{338}../\u{20D2}x"), ("a\u{202E}b\u{9B}", "a_b_"),
      ("x:/\u{301}/y", "x_/\u{301}/y"), ("", "source"), (".\u{301}./x", ".\u{301}./x"),
    ])
  func plainNames(source: String, expected: String) {
    #expect(Array(PlainPath.of(source).utf8) == Array(expected.utf8))
    let parts = PlainPath.of(source).utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    #expect(!parts.contains(Array("..".utf8)))
  }

  @Test("long names are shortened and stay different")
  func longNames() {
    let long = String(repeating: "ü", count: 200)
    let first = PlainPath.of(long + "1")
    let second = PlainPath.of(long + "2")
    #expect(first.utf8.count <= 200)
    #expect(first != second)
  }

  @Test("a path has no more components and bytes than a file system takes; the rest is a checksum")
  func deepNames() {
    let deep = String(repeating: "a/", count: 20_000)
    let wide = String(repeating: String(repeating: "b", count: 150) + "/", count: 90)
    for names in [[deep, deep + "b", "b/" + deep], [wide, wide + "b", "b/" + wide]] {
      let paths = names.map { PlainPath.of($0 + "/x.jpg") }
      for path in paths {
        #expect(path.utf8.split(separator: UInt8(ascii: "/")).count <= 100)
        #expect(path.utf8.count <= 2400 && path.hasSuffix("/x.jpg"))
      }
      #expect(Set(paths).count == 3)
    }
  }

  @Test("a path longer than any file's has no folder, and takes no time")
  func endlessPath() {
    let path = String(repeating: "a/", count: 60_000)
    let began = ContinuousClock.now
    #expect(throws: SinkError.self) { try makeDirectories(root + "/" + path) }
    #expect(!InputFiles([path]).contains(root))
    #expect(began.duration(to: .now) < .seconds(5))
  }

  @Test("folders that are missing are made one after the other, however many")
  func deepFolder() throws {
    let path = root + String(repeating: "/a", count: 200)
    try makeDirectories(path)
    #expect(isDirectory(path))
    try makeDirectories(path + "/")
  }

  @Test(
    "the file of an address is an input, whatever is in its name",
    arguments: [
      ("p#q.jpg", "p#q.jpg"), ("p?q.jpg", "p?q.jpg"), ("p%23q.jpg", "p#q.jpg"),
      ("a b.jpg", "a b.jpg"), ("a%20b.jpg", "a b.jpg"), ("a%2fb%.jpg", "a/b%.jpg"),
      ("a%FFb.jpg", FileName.text([0x61, 0xFF, 0x62] + Array(".jpg".utf8))),
      (FileName.text([0x61, 0xFF]) + "%FF", FileName.text([0x61, 0xFF, 0xFF])),
      ("\u{301}.jpg", "\u{301}.jpg"),
    ])
  func addresses(address: String, name: String) {
    let inputs = InputFiles(["file://\(root)/" + address, "file:/" + "/\u{338}/x"])
    #expect(inputs.contains(root + "/" + name))
    #expect(inputs.contains("\u{338}/x"))
  }

  @Test("an output that is an input is refused, under any name")
  func refusesInput() throws {
    let input = try folder.add("in.jpg", "x")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/link.jpg", withDestinationPath: input)
    try FileManager.default.linkItem(atPath: input, toPath: root + "/hard.jpg")
    let tree = tree(inputs: [input, root + "/missing.jpg", "file://" + root + "/url.jpg", "-"])
    for source in ["in", "./link", "hard.jpg", "missing", "url"] {
      let error = #expect(throws: SinkError.self, "\(source)") { try tree.file(for: source) }
      #expect(error?.kind == .refused)
      #expect(throws: SinkError.self, "\(source)") { try tree.check(source) }
    }
    _ = try tree.file(for: "other")
    try tree.check("other")
  }

  @Test("a picture of an earlier run that is read is not written to")
  func earlierPicture() throws {
    let input = try folder.add("clip.mp4/000001.jpg", "x")
    let error = #expect(throws: SinkError.self) { try tree(inputs: [input]).check("clip.mp4") }
    #expect(error?.kind == .refused)
    try tree(inputs: [try folder.add("cam/clip.mp4", "x")]).check("cam")
  }
}
