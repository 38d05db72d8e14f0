import Foundation
import TestSupport
import Testing

@testable import Pipeline

struct SourceListTests {
  private func names(_ arguments: String..., isRecursive: Bool = false) throws -> [String] {
    try SourceList.expand(arguments, options: SourceListOptions(isRecursive: isRecursive))
      .map(\.name)
  }

  private func error(_ arguments: String...) -> SourceListError? {
    do {
      _ = try SourceList.expand(arguments)
      return nil
    } catch {
      return error
    }
  }

  @Test("paths, URLs, devices and standard input keep their spelling and get their kind")
  func plain() throws {
    let sources = try SourceList.expand([
      "missing.mp4", "-", "rtsp://10.0.0.5/h264", "https://example.org/a.m3u8", "/dev/video0",
      "udp://239.0.0.1:1234", "odd:name.mp4",
    ])
    #expect(sources.map(\.kind) == [.file, .file, .live, .file, .live, .live, .file])
    #expect(sources.map(\.location) == sources.map(\.name))
  }

  @Test("HTTP is live if asked for")
  func liveHTTP() throws {
    let options = SourceListOptions(isLive: true)
    let sources = try SourceList.expand(["http://camera/mjpeg", "a.mp4"], options: options)
    #expect(sources.map(\.kind) == [.live, .file])
  }

  @Test("a folder stands for its media files by name, and for those of its subfolders if asked for")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in [
      "b.mp4", "a.MKV", "notes.txt", ".hidden.mp4", "x.mp4.partial", "sub/a.mkv", "p.jpg",
    ] {
      try folder.add(name)
    }
    let path = folder.path
    #expect(try names(path) == ["a.MKV", "b.mp4", "p.jpg"].map { "\(path)/\($0)" })
    #expect(
      try names(path + "/", isRecursive: true)
        == ["a.MKV", "b.mp4", "p.jpg", "sub/a.mkv"].map { "\(path)/\($0)" })
  }

  @Test("files of the same name in different folders stay distinct")
  func sameNames() throws {
    let folder = try TemporaryFolder()
    for name in ["one/clip.mp4", "two/clip.mp4", "three/deep/clip.mp4"] { try folder.add(name) }
    let found = try names(folder.path, isRecursive: true)
    #expect(found.count == 3 && Set(found).count == 3)
  }

  @Test("links in a circle end")
  func circle() throws {
    let folder = try TemporaryFolder()
    try folder.add("sub/a.mp4")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/sub/up", withDestinationPath: folder.path)
    #expect(try names(folder.path, isRecursive: true) == [folder.path + "/sub/a.mp4"])
    #expect(try names(folder.path + "/**/*.mp4") == [folder.path + "/sub/a.mp4"])
  }

  @Test("a pattern stands for the files it matches, in order, also in subfolders")
  func globs() throws {
    let folder = try TemporaryFolder()
    for name in ["cam2/b.mp4", "cam1/a.mp4", "cam1/a.txt", "other/a.mp4", "top.mp4"] {
      try folder.add(name)
    }
    let path = folder.path
    #expect(try names(path + "/cam?/*.mp4") == [path + "/cam1/a.mp4", path + "/cam2/b.mp4"])
    #expect(try names(path + "/**/a.*").count == 3)
    #expect(try names(path + "/**").count == 5)
    #expect(try names(path + "/cam*/../top.mp4").count == 2)
  }

  @Test("a file whose name looks like a pattern is that file")
  func literalPattern() throws {
    let folder = try TemporaryFolder()
    let file = try folder.add("a[1].mp4")
    try folder.add("a1.mp4")
    #expect(try names(file) == [file])
  }

  @Test("a source that is named twice is read twice, under two names")
  func duplicates() throws {
    #expect(
      try names("a.mp4", "a.mp4", "a.mp4#2", "a.mp4")
        == ["a.mp4", "a.mp4#2", "a.mp4#2#2", "a.mp4#3"])
  }

  @Test("a list may have comments, blank lines and any line ends")
  func list() throws {
    let folder = try TemporaryFolder()
    let list = try folder.add(
      "list.txt", "\u{FEFF}# cameras\r\n\r\n  a.mp4  \r\nrtsp://cam/1\n#b.mp4\nfile with space.mp4")
    #expect(try names("@" + list) == ["a.mp4", "rtsp://cam/1", "file with space.mp4"])
  }

  @Test("a manifest gives ids")
  func manifest() throws {
    let folder = try TemporaryFolder()
    let list = try folder.add(
      "list.jsonl",
      #"{"id":"door","uri":"rtsp://u:p@10.0.0.5/h264"}"# + "\n# note\n"
        + #"{"uri":"a.mp4"}"#)
    let sources = try SourceList.expand(["@" + list])
    #expect(sources.map(\.name) == ["door", "a.mp4"])
    #expect(sources.map(\.location) == ["rtsp://u:p@10.0.0.5/h264", "a.mp4"])
    #expect(sources.map(\.kind) == [.live, .file])
  }

  @Test("an error names the argument, or the line in a list")
  func errors() throws {
    let folder = try TemporaryFolder()
    let notMedia = try folder.add("empty/notes.txt")
    let emptyFolder = String(notMedia.dropLast("/notes.txt".count))
    #expect(error(emptyFolder)?.argument == emptyFolder)
    #expect(error("a.mp4", folder.path + "/*.mov")?.argument == folder.path + "/*.mov")
    #expect(error("")?.argument == "''")
    #expect(error("-", "-")?.argument == "-")
    #expect(error("@" + folder.path + "/none.txt")?.argument == "@\(folder.path)/none.txt")

    let twice = try folder.add(
      "twice.jsonl", #"{"id":"a","uri":"1"}"# + "\n" + #"{"id":"a","uri":"2"}"#)
    #expect(error("@" + twice)?.argument == "@\(twice):2")
    let broken = try folder.add("broken.jsonl", #"{"id":"a"}"#)
    #expect(error("@" + broken)?.argument == "@\(broken):1")
    for (key, nearest) in [("url", "'uri'"), ("ID", "'id'"), ("site", "Leave it out")] {
      let odd = try folder.add(
        "odd.jsonl", #"{"uri":"a.mp4"}"# + "\n" + #"{"uri":"b.mp4","\#(key)":null}"#)
      let error = error("@" + odd)
      #expect(error?.argument == "@\(odd):2")
      #expect(error?.message.contains("'\(key)'") == true, "\(key)")
      #expect(error?.remedy.contains(nearest) == true, "\(key)")
    }
    let nested = try folder.add("nested.txt", "@other.txt")
    #expect(error("@" + nested)?.argument == "@\(nested):1")
    let comments = try folder.add("comments.txt", "# nothing\n")
    #expect(error("@" + comments)?.argument == "@\(comments)")
    let binary = try folder.add("binary.txt")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: binary))
    #expect(error("@" + binary)?.argument == "@\(binary)")
  }
}
