import CFFmpeg
import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("What an error says and whether to try again")
struct OpeningErrorTests {
  private func error(_ location: String, options: InputOptions? = nil) throws -> MediaError {
    var usual = InputOptions()
    usual.openTimeout = longWait
    usual.readTimeout = longWait
    return try #require(throws: MediaError.self) {
      try Reading(location, options: options ?? usual)
    }
  }

  @Test("what the system lacks for the moment is worth another try")
  func resources() {
    for code in [EMFILE, ENFILE, EAGAIN, ENOMEM, ENOBUFS] {
      let error = MediaError(errno: code, call: "open", source: "a.mp4")
      #expect(error.code == .outOfResources && error.isTransient)
    }
  }

  @Test(
    "a file that can't be opened for want of descriptors is worth another try", .requires(.media))
  func noDescriptors() async {
    await #expect(processExitsWith: .success) {
      // In a process of its own, which then has no descriptor left.
      var limit = rlimit(rlim_cur: 40, rlim_max: 40)
      #if canImport(Darwin)
      try #require(unsafe setrlimit(RLIMIT_NOFILE, &limit) == 0)
      #else
      try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      #endif
      let path = media("plain.mp4")
      var descriptors: [Int32] = []
      while true {
        let one = dup(0)
        if one < 0 { break }
        descriptors.append(one)
      }
      do {
        _ = try VideoReader(path)
        Issue.record("opened without a descriptor")
      } catch let error as MediaError {
        for one in descriptors { close(one) }
        try #require(error.code == .outOfResources && error.isTransient)
      }
    }
  }

  @Test("damage that a demuxer calls EIO is damage; a disk that fails stays failed")
  func damage() {
    let damaged = MediaError(
      FFmpegError(code: -EIO, call: "read"), messages: [], origin: .file(failure: 0),
      source: "a.mkv")
    #expect(damaged.code == .invalidData && !damaged.isTransient)
    let failed = MediaError(
      FFmpegError(code: -EIO, call: "read"), messages: [], origin: .file(failure: EIO), source: "a")
    #expect(failed.code == .ioError && !failed.isTransient)
    let network = MediaError(
      FFmpegError(code: -EIO, call: "read"), messages: [], origin: .other, source: "a")
    #expect(network.isTransient)
  }

  @Test("a Matroska file cut in its header is damaged for good", .requires(.media))
  func damagedMatroska() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("plain.mkv")))
    bytes.replaceSubrange(
      60..<min(4000, bytes.count), with: Data(count: min(4000, bytes.count) - 60))
    try bytes.write(to: URL(filePath: folder("a.mkv")))
    let error = try error(folder("a.mkv"))
    #expect(!error.isTransient, "\(error)")
  }

  @Test(
    "an answer says whether to try again",
    arguments: [
      ("429 Too Many Requests", true), ("503 Service Unavailable", true), ("404 Not Found", false),
      ("403 Forbidden", false), ("408 Request Timeout", true), ("410 Gone", false),
    ])
  func statuses(status: String, isTransient: Bool) throws {
    let server = try FixedServer(Data("no".utf8), status: status)
    let error = try error("http://127.0.0.1:\(server.port)/a.mp4")
    #expect(error.isTransient == isTransient, "\(error)")
    #expect(error.code != .failed)
  }

  @Test("an RTSP server that is full is worth another try")
  func full() {
    for line in [
      "rtsp: method SETUP failed: 453 Not Enough Bandwidth",
      "rtsp: method PLAY failed: 454 Session Not Found",
    ] {
      let error = MediaError(
        FFmpegError(code: SD_AVERROR_HTTP_OTHER_4XX, call: "avformat_open_input"), messages: [line],
        origin: .other, source: "rtsp://cam")
      #expect(error.isTransient, "\(line)")
    }
    let transport = MediaError(
      FFmpegError(code: SD_AVERROR_HTTP_OTHER_4XX, call: "avformat_open_input"),
      messages: ["rtsp: method SETUP failed: 461 Unsupported transport"], origin: .other,
      source: "rtsp://cam")
    #expect(transport.remedy.contains("--rtsp-transport"))
  }

  @Test(
    "what FFmpeg prints is said in plain words, and whether to try again",
    arguments: [
      ("tcp: Port missing in uri", MediaError.Code.invalidAddress, false),
      ("udp: bind failed: Permission denied", .permission, false),
      ("tls: An unexpected TLS packet was received.", .connectionFailed, true),
      ("hls: Error when loading first segment 'concat:/a.ts'", .invalidData, false),
      (
        "http: Stream ends prematurely at 5, should be 9\nmov: moov atom not found", .ioError, true
      ),
    ])
  func printed(message: String, code: MediaError.Code, isTransient: Bool) {
    let error = MediaError(
      FFmpegError(code: SD_AVERROR_INVALIDDATA, call: "avformat_open_input"),
      messages: [message], origin: .other, source: "http://h/a")
    #expect(error.code == code && error.isTransient == isTransient)
  }

  @Test("an unknown host is named", arguments: ["rtsp", "http", "tcp", "rtmp", "srt"])
  func host(scheme: String) throws {
    if scheme == "srt" { try Requirement.secureReliableTransport.checkInside() }
    let error = try error("\(scheme)://no-such-host.invalid:9/a")
    #expect(error.code == .hostNotFound && error.isTransient)
    #expect(error.message.contains("no-such-host.invalid"))
  }

  @Test("a port in use is said to be")
  func port() throws {
    let error = MediaError(
      FFmpegError(code: -EIO, call: "avformat_open_input"),
      messages: ["udp: bind failed: Address already in use"], origin: .other, source: "udp://:1")
    #expect(error.code == .addressInUse && error.isTransient)
    let taken = try LocalSocket()
    let found = try self.error("tcp://127.0.0.1:\(taken.port)?listen=1")
    #expect(found.code == .addressInUse, "\(found)")
  }

  @Test("a password with a character that ends the host is explained", arguments: ["#", "/", "?"])
  func password(character: String) throws {
    let error = try error("rtsp://user:pa\(character)ss@127.0.0.1/x")
    #expect(error.code == .invalidAddress && !error.isTransient)
    #expect(error.remedy.contains("%23"))
    #expect(!error.description.contains("ss@"))
  }

  @Test("an index at the end of what can't be read again is explained", .requires(.media))
  func indexAtEnd() throws {
    let folder = try ScratchFolder()
    let path = folder("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let bytes = try Data(contentsOf: URL(filePath: media("plain.mp4")))
    Thread.detachNewThread {
      try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: bytes)
    }
    let piped = try error(path)
    #expect(piped.message.contains("moov") && piped.message.contains("pipe"), "\(piped)")
    #expect(!piped.isTransient)
    let server = try FixedServer(bytes)
    let served = try error("http://127.0.0.1:\(server.port)/a.mp4")
    #expect(served.message.contains("moov") && served.message.contains("server"), "\(served)")
    // With the index first, both can be read.
    let whole = try Data(contentsOf: URL(filePath: media("faststart.mp4")))
    let other = try FixedServer(whole)
    #expect(try Reading("http://127.0.0.1:\(other.port)/a.mp4").frames.count == 50)
  }

  @Test("a missing index is explained", .requires(.media))
  func noIndex() throws {
    #expect(try error(media("cut-moov.mp4")).message.contains("moov"))
  }

  @Test("an unknown codec is named by its four characters", .requires(.media))
  func codecTag() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("plain.mp4")))
    while let place = bytes.firstRange(of: Data("avc1".utf8)) {
      bytes.replaceSubrange(place, with: Data("zzzz".utf8))
    }
    try bytes.write(to: URL(filePath: folder("unknown.mp4")))
    #expect(try error(folder("unknown.mp4")).message.contains("\"zzzz\""))
  }
}

extension Requirement {
  fileprivate static let secureReliableTransport = Requirement(
    "srt", absence: "this FFmpeg has no SRT"
  ) { unsafe avio_find_protocol_name("srt://x") != nil }
}
