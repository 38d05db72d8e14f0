import Foundation
import MediaTestSupport
import Support
import TestSupport
import Testing

@testable import Media

@Suite("What a source may open", .requires(.media))
struct OpenPolicyTests {
  private let folder: PlaylistFolder

  init() throws { folder = try PlaylistFolder() }

  /// Opens and reads `path`; the number of frames, or the code of the error.
  private func read(_ path: String, allowed: [String] = []) -> String {
    do {
      return "\(try Reading(path, options: .patient(allowed: allowed)).frames.count)"
    } catch {
      return (error as? MediaError)?.code.rawValue ?? "\(error)"
    }
  }

  @Test("a playlist reads files in its own folder, whatever it is called")
  func ownFolder() throws {
    #expect(read(try folder.playlist("a.m3u8", "own.ts")) == "50")
    #expect(read(try folder.playlist("a.mp4", "own.ts")) == "50")
    #expect(read(try folder.list("a.ffconcat", "file own.ts", "file 'own.ts'")) == "100")
    #expect(read(try folder.list("b.mp4", "file '\(folder.inner)/own.ts'")) == "50")
    try FileManager.default.createDirectory(
      atPath: folder.inner + "/below", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: folder.inner + "/own.ts", toPath: folder.inner + "/below/ü x.ts")
    #expect(read(try folder.playlist("c.m3u8", "below/ü x.ts")) == "50")
    #expect(read(try folder.list("c.ffconcat", "file 'below/ü x.ts'")) == "50")
  }

  @Test("files elsewhere are opened only if that is allowed", arguments: ["m3u8", "list"])
  func elsewhere(kind: String) throws {
    let other = folder.outer("other.ts")
    for name in [other, "../other.ts", "file:\(other)", "file://\(other)", "../inner/../other.ts"] {
      let path =
        kind == "list"
        ? try folder.list("x.mp4", "file \(name)") : try folder.playlist("x.mp4", name)
      let error = try #require(throws: MediaError.self) {
        try Reading(path, options: .patient())
      }
      #expect(error.code == .notAllowed, "\(name): \(error)")
      #expect(error.message.contains("other.ts") && error.remedy.contains("--allow"))
      #expect(read(path, allowed: [other]) == "50", "\(name)")
      #expect(read(path, allowed: [folder.outer("")]) == "50", "\(name)")
      #expect(read(path, allowed: [folder.outer("oth"), "http"]) == "not_allowed", "\(name)")
    }
  }

  @Test("a link that leads out of the folder counts as what it leads to")
  func links() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.inner + "/link.ts", withDestinationPath: "../other.ts")
    try FileManager.default.createSymbolicLink(
      atPath: folder.inner + "/up", withDestinationPath: "..")
    for name in ["link.ts", "up/other.ts"] {
      #expect(read(try folder.playlist("a.m3u8", name)) == "not_allowed")
      #expect(read(try folder.list("a.ffconcat", "file \(name)")) == "not_allowed")
    }
    // The folder itself may be reached by a link.
    _ = try folder.playlist("b.m3u8", "own.ts")
    #expect(read(folder.inner + "/up/inner/b.m3u8") == "50")
  }

  @Test("a segment that may not be opened cuts the source off and is named")
  func oneOfThree() throws {
    let path = try folder.playlist("a.m3u8", "own.ts", "../other.ts", "own.ts")
    let reading = try Reading(path, options: .patient())
    #expect(reading.truncation?.contains("other.ts") == true)
  }

  @Test("a local playlist opens an address only if its protocol is allowed", arguments: [0, 1])
  func network(kind: Int) throws {
    let closed = try LocalSocket(isListening: false)
    let address = "http://127.0.0.1:\(closed.port)/a.ts"
    let path =
      kind == 0
      ? try folder.playlist("x.mp4", address) : try folder.list("x.mp4", "file \(address)")
    let error = try #require(throws: MediaError.self) { try Reading(path, options: .patient()) }
    #expect(error.code == .notAllowed && error.message.contains(address))
    #expect(error.remedy.contains("--allow http"))
    #expect(read(path, allowed: ["http"]) == "connection_refused")
  }

  @Test("a remote playlist never opens a local file, even one that is allowed")
  func remote() throws {
    let text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://\(folder.inner)/own.ts\n"
    let server = try FixedServer(Data((text + "#EXT-X-ENDLIST\n").utf8))
    let address = "http://127.0.0.1:\(server.port)/a.m3u8"
    #expect(read(address, allowed: [folder.inner]) == "not_allowed")
    let list = Data("ffconcat version 1.0\nfile \(folder.inner)/own.ts\n".utf8)
    let other = try FixedServer(list)
    #expect(
      read("http://127.0.0.1:\(other.port)/a.mp4", allowed: [folder.inner]) == "not_allowed")
  }

  @Test("data from a pipe names nothing")
  func pipe() throws {
    let text = try String(
      contentsOfFile: folder.playlist("a.m3u8", folder.inner + "/own.ts"), encoding: .utf8)
    let path = folder.outer("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    Thread.detachNewThread {
      try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: Data(text.utf8))
    }
    #expect(read(path) == "not_allowed")
  }

  @Test("a list of files names media only, and no options")
  func lists() throws {
    _ = try folder.list("inner.ffconcat", "file own.ts")
    _ = try folder.playlist("inner.m3u8", "own.ts")
    for entry in ["inner.ffconcat", "inner.m3u8", "a.ffconcat"] {
      #expect(read(try folder.list("a.ffconcat", "file \(entry)")) == "not_allowed", "\(entry)")
    }
    let text = "file own.ts\noption protocol_whitelist file,http"
    #expect(read(try folder.list("b.ffconcat", text)) == "not_allowed")
    // FFmpeg reads lines that end with a zero too.
    #expect(
      read(try folder.list("c.ffconcat", "file own.ts\0file ../other.ts")) == "not_allowed")
    #expect(unsafe mkfifo(folder.inner + "/fifo", 0o600) == 0)
    #expect(read(try folder.list("d.ffconcat", "file fifo")) == "not_allowed")
    #expect(read(try folder.playlist("d.m3u8", "fifo")) == "not_allowed")
  }

  @Test("a presentation names files in its own folder only")
  func presentation() throws {
    let script =
      "ffmpeg -v error -i '\(media("plain.mp4"))' -map 0:v -c copy -f dash -use_template 1 "
      + "-use_timeline 0 d.mpd"
    let made = Process()
    made.executableURL = URL(filePath: "/bin/sh")
    made.arguments = ["-c", script]
    made.currentDirectoryURL = URL(filePath: folder.inner)
    try made.run()
    made.waitUntilExit()
    #expect(read(folder.inner + "/d.mpd") == "50")
    let text = try String(contentsOfFile: folder.inner + "/d.mpd", encoding: .utf8)
    for change in [
      ("media=\"", "media=\"../inner/"), ("media=\"", "media=\"\(folder.inner)/"),
      ("media=\"", "media=\"file:\(folder.inner)/"), ("media=\"", "media=\"&#46;./inner/"),
      ("<Period", "<BaseURL>/etc/</BaseURL><Period"),
      ("<MPD", "<!DOCTYPE a [<!ENTITY b '/etc'>]><MPD"),
      // Marks that combine with what stands before them, spaces, pieces and what is inserted.
      ("media=\"", "media=\"\u{301}/../../"), ("media=\"", "media=\"a /../../"),
      ("media=\"", "x:media=\"../"),
      ("<Period", "<BaseURL>\u{301}/../../</BaseURL><Period"),
      ("<Period", "<BaseURL>.<!-- -->./</BaseURL><Period"),
      ("<Period", "<BaseURL><a>.</a><b>./</b></BaseURL><Period"),
      ("media=\"", "id=\".\" media=\".$RepresentationID$/"),
    ] {
      let changed = text.replacing(change.0, with: change.1)
      #expect(changed != text)
      #expect(read(try folder.add("e.mpd", changed)) == "not_allowed", "\(change.1)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.inner + "/link.m4s", withDestinationPath: "../other.ts")
    #expect(read(folder.inner + "/d.mpd") == "not_allowed")
  }

  @Test("links in a presentation's folder are found whatever the folder is called")
  func presentationInRawFolder() throws {
    let script = """
      mkdir "$(printf 'f\\377')" && cd "$(printf 'f\\377')" && mkdir .sub \
      && ffmpeg -v error -i ../own.ts -map 0:v -c:v libx264 \\
      -f dash d.mpd
      """
    func run(_ script: String) throws {
      _ = try runProgram("sh", ["-c", "cd '\(folder.inner)' && " + script])
    }
    try run(script)
    let path = folder.inner + "/" + FileName.text([0x66, 0xFF]) + "/d.mpd"
    #expect(read(path) == "50")
    try run("ln -s ../../../other.ts \"$(printf 'f\\377')\"/.sub/link.m4s")
    #expect(read(path) == "not_allowed")
  }

  @Test("a presentation of byte ranges, which FFmpeg would read for ever, is refused")
  func presentationOfRanges() throws {
    _ = try runProgram(
      "sh",
      [
        "-c",
        "cd '\(folder.inner)' && ffmpeg -v error -i own.ts -map 0:v -c:v libx264 -single_file 1 "
          + "-f dash r.mpd",
      ])
    #expect(read(folder.inner + "/r.mpd") == "not_allowed")
  }

  @Test("segments that are parts of one file may be as short as they like")
  func shortByteRanges() throws {
    _ = try runProgram(
      "sh",
      [
        "-c",
        "cd '\(folder.inner)' && ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25:d=10 -g 5 "
          + "-f hls -hls_time 0.2 -hls_segment_type fmp4 -hls_flags single_file "
          + "-hls_list_size 0 c.m3u8",
      ])
    #expect(read(folder.inner + "/c.m3u8") == "250")
  }

  @Test("a session description listens only if it is named as one")
  func sessionDescription() throws {
    let text = """
      v=0
      o=- 0 0 IN IP4 127.0.0.1
      s=x
      c=IN IP4 127.0.0.1
      t=0 0
      m=video \(try LocalSocket.freePorts(2)) RTP/AVP 96
      a=rtpmap:96 H264/90000

      """
    #expect(read(try folder.add("a.mp4", text)) == "not_allowed")
    let path = try folder.add("a.sdp", text)
    #expect(try Location(path).isLive == true)
    var options = InputOptions()
    options.openTimeout = 0.3
    #expect(try failure(path, options: options) == "open_timeout")
  }
}
