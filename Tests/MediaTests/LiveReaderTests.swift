import Foundation
import MediaTestSupport
import Support
import TestSupport
import Testing

@testable import Media

@Suite("Reading live sources", .requires(.media), .timeLimit(.minutes(20)))
struct LiveReaderTests {
  private func options() -> InputOptions {
    var options = InputOptions()
    options.openTimeout = longWait
    options.readTimeout = longWait
    return options
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: media(name))))
  }

  /// A camera that sends a picture every `interval` seconds.
  private func camera(every interval: Double, pictures: Int = .max) throws -> StreamServer {
    let jpeg = try bytes("photo.jpg")
    return try StreamServer { exchange in
      guard exchange.beginPictures() else { return }
      for _ in 0..<pictures {
        guard exchange.sendPicture(jpeg) else { return }
        Thread.sleep(forTimeInterval: interval)
      }
    }
  }

  @Test("frames of a reader that doesn't keep up stay young, and what is left out is counted")
  func overload() throws {
    let server = try camera(every: 0.02)
    let reader = try VideoReader(server.url("/a"), options: options())
    var ages: [Double] = []
    for _ in 0..<12 {
      let frame = try #require(try reader.next())
      ages.append(try #require(frame.capture).age())
      usleep(300_000)
    }
    #expect(reader.info.kind == .live)
    #expect(reader.leftOutFrames > 20)
    // A second in the queue, and what the decoder takes.
    #expect(ages.sorted()[8] < 2, "\(ages)")
  }

  @Test("a reader that keeps everything leaves nothing out")
  func keepingAll() throws {
    let server = try camera(every: 0.001, pictures: 60)
    var options = options()
    options.keepsAllPackets = true
    let reader = try VideoReader(server.url("/a"), options: options)
    var frames = 0
    // The end of such a series looks like an error.
    while (try? reader.next()) != nil {
      frames += 1
      if frames < 5 { usleep(400_000) }
    }
    #expect(frames == 60 && reader.leftOutFrames == 0)
  }

  @Test("the pictures of a camera have the times of their arrival, not 25 a second")
  func arrivalTimes() throws {
    let server = try camera(every: 0.3)
    let reader = try VideoReader(server.url("/a"), options: options())
    let frames = try (0..<5).map { _ in try #require(try reader.next()) }
    #expect(frames[0].t == 0)
    // At 25 a second it would be 0.16. On a busy machine the first ones may be late.
    #expect(frames[4].t > 0.4, "\(frames.map(\.t))")
    for (frame, next) in zip(frames, frames.dropFirst()) {
      let apart = next.t - frame.t
      let arrived = try #require(next.capture).arrived - #require(frame.capture).arrived
      #expect(abs(apart - arrived / .seconds(1)) < 0.001)
    }
    #expect(reader.info.averageFrameRate == nil)
  }

  @Test("pictures of a format without time stamps have the times of their arrival")
  func bareFormat() throws {
    let jpeg = try bytes("photo.jpg")
    let server = try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/x-motion-jpeg\r\n\r\n")
      while exchange.send(jpeg) { Thread.sleep(forTimeInterval: 0.2) }
    }
    var options = options()
    options.isLive = true
    let reader = try VideoReader(server.url("/a.mjpeg"), options: options)
    #expect(reader.info.timeBase == TimeBase(1, 90_000))
    let frames = try (0..<8).map { _ in try #require(try reader.next()) }
    #expect(frames[7].t - frames[3].t > 0.3, "\(frames.map(\.t))")
  }

  @Test(
    "what is live is decided by the stream",
    arguments: [
      ("/multipart", SourceKind.live), ("/endless.ts", .live), ("/radio.ts", .live),
      ("/whole.ts", .file), ("/live.m3u8", .live), ("/done.m3u8", .file), ("/photo.jpg", .image),
    ])
  func liveness(path: String, kind: SourceKind) throws {
    let clip = try bytes("plain.ts")
    let jpeg = try bytes("photo.jpg")
    let server = try StreamServer { exchange in
      let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nwhole.ts\n"
      switch exchange.path {
      case "/multipart":
        exchange.beginPictures()
        for _ in 0..<20 { exchange.sendPicture(jpeg) }
      case "/endless.ts":
        exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
        exchange.send(clip)
      case "/radio.ts":
        exchange.send(
          "HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\nAccept-Ranges: bytes\r\n"
            + "icy-name: x\r\n\r\n")
        exchange.send(clip)
      case "/live.m3u8": exchange.sendAll(Array(playlist.utf8), type: "application/x-mpegurl")
      case "/done.m3u8":
        exchange.sendAll(
          Array((playlist + "#EXT-X-ENDLIST\n").utf8), type: "application/x-mpegurl")
      case "/photo.jpg": exchange.sendAll(jpeg, type: "image/jpeg")
      default: exchange.sendAll(clip, type: "video/mp2t")
      }
    }
    #expect(try VideoReader(server.url(path), options: options()).info.kind == kind)
    if kind != .image {
      var options = options()
      options.isLive = kind == .file
      let other = try VideoReader(server.url(path), options: options)
      #expect(other.info.kind == (kind == .file ? .live : .file))
    }
  }

  @Test("opening takes half a second of a stream, and its frames get their own times")
  func opening() throws {
    // Ten seconds at five frames a second, and what comes after a second comes at its pace.
    let clip = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=5:duration=10", "-g", "5",
        "-c:v", "mpeg4", "-f", "mpegts", "-",
      ])
    let sent = Gate()
    let server = try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
      exchange.send(Array(clip.prefix(clip.count / 7 / 188 * 188)))
      sent.wait()
    }
    let reader = try VideoReader(server.url("/live"), options: options())
    let frames = try (0..<3).map { _ in try #require(try reader.next()) }
    sent.open()
    let captures = frames.compactMap { $0.capture?.arrived }
    #expect(captures.count == 3)
    for (one, next) in zip(captures, captures.dropFirst()) {
      #expect(abs((next - one) / .seconds(1) - 0.2) < 0.001)
    }
  }

  @Test("a camera with a frame a second is open before its rate has been measured")
  func slowCamera() throws {
    let clip = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=1:duration=30", "-g", "1",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-f", "mpegts", "-",
      ])
    // A packet of the stream that begins a frame has a bit set, and the number 256.
    let starts = stride(from: 0, to: clip.count, by: 188).filter { place in
      clip[place + 1] & 0x40 != 0 && clip[place + 1] & 0x1F == 1 && clip[place + 2] == 0
    }
    let sent = Locked(0)
    let server = try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
      for (from, to) in zip([0] + starts.dropFirst(), starts.dropFirst()) {
        guard exchange.send(Array(clip[from..<to])) else { return }
        sent.withLock { $0 += 1 }
        Thread.sleep(forTimeInterval: 1)
      }
    }
    let reader = try VideoReader(server.url("/live"), options: options())
    _ = try #require(try reader.next())
    // A frame is whole once the next has begun, for the container and for the parser.
    #expect(sent.withLock { $0 } <= 3)
    #expect(reader.info.kind == .live)
  }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}
