import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Support
@testable import Pictures

@Suite("Failures of a video writer")
struct VideoWriterFailureTests {
  private let options = VideoWriterOptions(timeBase: TimeBase(1, 25))

  @Test(
    "what cannot be written is rejected immediately",
    arguments: [
      ("out.xyz", nil, "output_format"), ("out", nil, "output_format"),
      ("http://127.0.0.1/a.mp4", nil, "output_format"), ("out.mp4", "h266", "output_codec"),
      ("out.webm", "h264", "output_codec"), ("out.ts", "ffv1", "output_codec"),
      ("missing/folder/out.mp4", nil, "output_failed"),
    ])
  func refused(name: String, codec: String?, code: String) throws {
    let folder = try ScratchFolder()
    var options = options
    options.codec = codec
    let location = name.contains("://") ? name : folder(name)
    #expect {
      _ = try VideoWriter(location, options: options)
    } throws: { error in
      (error as? MediaError)?.code.rawValue == code
    }
    #expect(folder.names.isEmpty)
  }

  @Test("the error for an unknown codec lists the available ones")
  func listsCodecs() throws {
    var options = options
    options.codec = "divx"
    #expect {
      _ = try VideoWriter("/tmp/never.mp4", options: options)
    } throws: { error in
      (error as? MediaError)?.remedy.contains("ffv1") == true
    }
  }

  @Test(
    "a full disk is an error that names the file", arguments: ["mp4", "mkv", "ts"])
  func fullDisk(suffix: String) throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"))
    let folder = try ScratchFolder()
    let path = folder("out." + suffix)
    // Every write to this device fails as if the disk were full.
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    var options = options
    options.codec = "mpeg4"
    #expect {
      try writeVideo(path, options, times: (0..<50).map { Int64($0) }) {
        try testPicture(width: 320, height: 240, seed: $0)
      }
    } throws: { error in
      let error = error as? MediaError
      return error?.code == .outputFailed && error?.source == path
        && error?.message.contains("No space left") == true
    }
    #expect(folder.names == ["out." + suffix], "the link to the device")
  }

  @Test("without finish() the file keeps its temporary name")
  func abandoned() throws {
    let folder = try ScratchFolder()
    let path = folder("out.mkv")
    do {
      let writer = try VideoWriter(path, options: options)
      try writer.write(
        testPicture(width: 64, height: 64), at: PresentationTime(pts: 0, timeBase: TimeBase(1, 25)),
        conforming: PictureConform())
    }
    #expect(folder.names.count == 1)
    #expect(folder.names.allSatisfy { $0.hasPrefix("out.mkv.") && $0.hasSuffix(".partial") })
  }

  @Test("a video without a picture leaves no file")
  func empty() throws {
    let folder = try ScratchFolder()
    let writer = try VideoWriter(folder("out.mp4"), options: options)
    try writer.finish()
    #expect(folder.names.isEmpty)
  }

  @Test("a receiver that does not listen is an error within the time limit")
  func noReceiver() throws {
    var options = options
    options.writeTimeout = 10 * longWait
    let start = ContinuousClock.now
    let closed = try LocalSocket(isListening: false)
    #expect {
      _ = try VideoWriter("tcp://127.0.0.1:\(closed.port)", options: options)
    } throws: { error in
      (error as? MediaError)?.code == .outputFailed && (error as? MediaError)?.isTransient == true
    }
    #expect(ContinuousClock.now - start < .seconds(longWait))
  }

  @Test(
    "a receiver gets a transport stream that plays",
    .requires(.ffmpegPrograms))
  func receiver() throws {
    let folder = try ScratchFolder()
    let server = try LocalSocket()
    let received = Locked<[UInt8]>([])
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let bytes = server.acceptAndRead()
      received.withLock { $0 = bytes }
      ended.signal()
    }
    try writeVideo(
      "tcp://127.0.0.1:\(server.port)", options, times: (0..<20).map { Int64($0) })
    #expect(ended.wait(timeout: .now() + longWait) == .success)
    let path = folder("received.ts")
    try Data(received.withLock { $0 }).write(to: URL(filePath: path))
    #expect(try frameTimes(path).count == 20)
    #expect(try probed(path, "format=format_name") == ["mpegts"])
  }

  @Test("a receiver that reads nothing is an error after the time limit")
  func silentReceiver() throws {
    let server = try LocalSocket()
    var options = options
    options.writeTimeout = 0.5
    options.codec = "mpeg4"
    options.crf = 0
    #expect {
      try writeVideo("tcp://127.0.0.1:\(server.port)", options, times: (0..<300).map { Int64($0) })
      {
        var random = SplitMix64(seed: UInt64($0))
        let picture = try testPicture(width: 640, height: 480)
        for y in 0..<480 {
          try picture.withMutableRow(.luma, y) { row in
            for x in row.indices { row[x] = UInt8.random(in: 0...255, using: &random) }
          }
        }
        return picture
      }
    } throws: { error in
      (error as? MediaError)?.message.contains("took no data") == true
    }
  }
}

extension LocalSocket {
  /// All that the next to connect sends.
  fileprivate func acceptAndRead() -> [UInt8] {
    let connection = accept()
    defer { close(connection) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(connection, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
