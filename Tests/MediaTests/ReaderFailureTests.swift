import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite("Sources that cannot be read", .requires(.media))
struct ReaderFailureTests {
  @Test(
    "each mistake has its own error code",
    arguments: [
      ("missing.mp4", "not_found"),
      ("plain.mp4/inside.mp4", "not_found"),
      ("directory.mp4", "is_directory"),
      ("zero.mp4", "empty"),
      ("text.mp4", "invalid_data"),
      ("cut-moov.mp4", "invalid_data"),
      ("cut.png", "invalid_data"),
      ("audio-only.m4a", "no_video"),
      ("cover.m4a", "no_video"),
      ("subtitles.mkv", "no_video"),
    ])
  func errorCode(name: String, code: String) throws {
    #expect(try failure(media(name)) == code)
  }

  @Test("an unknown protocol is an unsupported protocol")
  func unknownProtocol() throws {
    #expect(try failure("nosuch://host/clip") == "unsupported_protocol")
  }

  @Test("a plain text file is not a video, although FFmpeg reads it as one")
  func textArt() throws {
    let folder = try ScratchFolder()
    try "Just words.\n".write(toFile: folder("notes.txt"), atomically: true, encoding: .utf8)
    #expect(try failure(folder("notes.txt")) == "invalid_data")
  }

  // In a process of its own, because root may read everything and has to become another user.
  @Test("a file that may not be read says so")
  func permission() async {
    await #expect(processExitsWith: .success) {
      let isRoot = getuid() == 0
      if isRoot { try #require(seteuid(65534) == 0) }
      // A leak check at the end needs root's rights again.
      defer { if isRoot { seteuid(0) } }
      let folder = try ScratchFolder()
      let made = FileManager.default.createFile(
        atPath: folder("secret.mp4"), contents: Data([1]), attributes: [.posixPermissions: 0])
      try #require(made)
      try #require(failure(folder("secret.mp4")) == "permission")
    }
  }

  @Test("an option that FFmpeg does not use is an error that names it")
  func leftoverOption() throws {
    var options = InputOptions()
    options.demuxerOptions = [.init(key: "stimeout", value: "5")]
    let error = #expect(throws: MediaError.self) {
      try VideoReader(media("plain.mp4"), options: options)
    }
    #expect(error?.code == .unknownOption)
    #expect(error?.message.contains("\"stimeout\"") == true)
    #expect(error?.remedy.contains("\"timeout\"") == true)
  }

  @Test("an option that the demuxer uses is no error")
  func consumedOption() throws {
    var options = InputOptions()
    options.demuxerOptions = [.init(key: "ignore_editlist", value: "1")]
    #expect(try Reading(media("plain.mp4"), options: options).frames.count == 50)
  }

  @Test("an unknown codec tag is an unsupported codec")
  func unknownCodec() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("plain.mp4")))
    while let place = bytes.firstRange(of: Data("avc1".utf8)) {
      bytes.replaceSubrange(place, with: Data("zzzz".utf8))
    }
    try bytes.write(to: URL(filePath: folder("unknown.mp4")))
    #expect(try failure(folder("unknown.mp4")) == "unsupported_codec")
  }
}

@Suite("Damage", .requires(.media))
struct DamageTests {
  @Test("overwritten bytes mark or fail frames, and every packet is accounted for")
  func corrupt() throws {
    let reading = try Reading(media("corrupt.mp4"))
    #expect(reading.failed + reading.frames.count { $0.isCorrupt } > 0)
    #expect(reading.frames.count + reading.failed == 50)
    #expect(reading.truncation == nil)
  }

  @Test(
    "failed frames are the same with any number of decoder threads",
    arguments: [
      "corrupt.mp4", "cut.mp4", "cut.mkv", "cut.avi", "cut.ts", "format-change.avi", "odd.mkv",
    ])
  func threads(name: String) throws {
    let readings = try (1...5).map { threads in
      var options = InputOptions()
      options.decoderThreads = threads
      return try Reading(media(name), options: options)
    }
    for (index, reading) in readings.enumerated().dropFirst() {
      #expect(reading.failed == readings[0].failed, "\(index + 1) threads")
      #expect(reading.frames.map(\.pts) == readings[0].frames.map(\.pts), "\(index + 1) threads")
      #expect((reading.truncation == nil) == (readings[0].truncation == nil))
    }
  }

  @Test(
    "each packet becomes a frame or a failure, up to and including the last one",
    arguments: [1.0, 0.8, 0.6], 1...4)
  func balance(share: Double, threads: Int) throws {
    let folder = try ScratchFolder()
    let bytes = try Data(contentsOf: URL(filePath: media("corrupt.mp4")))
    let path = folder("corrupt-and-cut.mp4")
    try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(filePath: path))
    var options = InputOptions()
    options.decoderThreads = threads
    let reading = try Reading(path, options: options)
    #expect(reading.failed > 0)
    #expect(reading.frames.count + reading.failed == (try SourceProbe(path).packets))
  }

  @Test("a picture that cannot be decoded is counted once, and the next ones are decoded")
  func undecodable() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("format-change.avi")))
    // Overwrites the start of the fourth picture, and leaves the container intact.
    var place = bytes.startIndex
    for _ in 0..<4 {
      let found = try #require(bytes[place...].firstRange(of: Data([0xFF, 0xD8, 0xFF])))
      place = found.upperBound
    }
    bytes.replaceSubrange(place - 3..<place + 1000, with: Data(count: 1003))
    try bytes.write(to: URL(filePath: folder("broken.avi")))
    let reading = try Reading(folder("broken.avi"))
    #expect(reading.frames.count == 9)
    #expect(reading.failed == 1)
    #expect(reading.truncation == nil)
  }

  @Test("a file without a decodable frame is an error, not an empty success")
  func nothingDecodable() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("faststart.mp4")))
    let start = try #require(bytes.firstRange(of: Data("mdat".utf8))).upperBound
    bytes.replaceSubrange(start..<bytes.endIndex, with: Data(count: bytes.endIndex - start))
    try bytes.write(to: URL(filePath: folder("zeros.mp4")))
    #expect(try failure(folder("zeros.mp4")) == "invalid_data")
  }

  @Test("a file cut at any tenth gives frames or an error, never a trap")
  func cutAnywhere() throws {
    let folder = try ScratchFolder()
    for name in ["faststart.mp4", "plain.mkv", "plain.avi", "plain.ts", "image.png"] {
      let bytes = try Data(contentsOf: URL(filePath: media(name)))
      for tenth in 1..<10 {
        let path = folder("cut-" + name)
        try bytes.prefix(bytes.count * tenth / 10).write(to: URL(filePath: path))
        do {
          let reading = try Reading(path)
          #expect(reading.truncation != nil, "\(name) cut at \(tenth)0 %")
        } catch let error as MediaError {
          #expect(["invalid_data", "no_video"].contains(error.code.rawValue), "\(name): \(error)")
        }
      }
    }
  }

  @Test("headers with random bytes give frames or an error, never a trap")
  func randomHeaders() throws {
    let folder = try ScratchFolder()
    let names = ["faststart.mp4", "vfr.mkv", "odd.avi", "plain.ts", "image.jpg", "image.tiff"]
    var random = SplitMix64(seed: 11)
    let scaler = Scaler()
    let image = RGBImage(width: 16, height: 16)
    let words: Set<MediaError.Code> = [
      .invalidData, .noVideo, .unsupportedCodec, .unsupportedPixelFormat, .empty,
    ]
    var (read, refused) = (0, 0)
    for name in names {
      let bytes = try Data(contentsOf: URL(filePath: media(name)))
      for round in 0..<8 {
        var broken = bytes
        for _ in 0..<12 {
          let place = Int.random(in: 0..<min(bytes.count, 3000), using: &random)
          broken[place] = UInt8.random(in: 0...255, using: &random)
        }
        let path = folder("\(round)-\(name)")
        try broken.write(to: URL(filePath: path))
        do {
          let reading = try Reading(path)
          for frame in reading.frames {
            #expect(frame.t.isFinite && frame.width > 0 && frame.height > 0)
            try scaler.scale(frame, into: image)
          }
          #expect(try SourceProbe(path).packets >= reading.frames.count)
          read += 1
        } catch let error as MediaError {
          #expect(words.contains(error.code), "\(round)-\(name): \(error)")
          refused += 1
        }
      }
    }
    #expect(read > 0 && refused > 0, "\(read) were read, \(refused) refused")
  }
}
