import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// A TCP server on 127.0.0.1 that accepts connections, sends the given bytes, and then stays silent
/// or closes.
private final class SilentServer {
  private let socket: LocalSocket

  var port: Int { socket.port }

  init(sending bytes: Data = Data(), thenCloses: Bool = false) throws {
    let socket = try LocalSocket()
    self.socket = socket
    Thread.detachNewThread {
      while true {
        let client = socket.accept()
        guard client >= 0 else { return }
        // The client stays open until the process ends: silent, not closed.
        unsafe bytes.withUnsafeBytes { unsafe _ = write(client, $0.baseAddress, $0.count) }
        guard thenCloses else { continue }
        // Closing with an unread request would make the system discard the answer.
        var request = [UInt8](repeating: 0, count: 4096)
        unsafe _ = read(client, &request, request.count)
        shutdown(client, Int32(SHUT_WR))
      }
    }
  }

  deinit { socket.shutDown() }
}

@Suite("Deadlines")
struct DeadlineTests {
  private func options(open: Double = 0.5, read: Double = 0.5) -> InputOptions {
    var options = InputOptions()
    options.openTimeout = open
    options.readTimeout = read
    return options
  }

  /// Runs `body`, which must end long before a deadline of its own would, and returns the error's
  /// code.
  private func code(_ body: () throws -> Void) throws -> String? {
    let start = ContinuousClock.now
    defer { #expect(ContinuousClock.now - start < .seconds(longWait)) }
    do {
      try body()
      return nil
    } catch let error as MediaError {
      if error.code == .failed { Issue.record(error) }
      return error.code.rawValue
    }
  }

  @Test(
    "a server that accepts and stays silent causes an open timeout",
    arguments: ["http", "rtsp", "tcp", "rtmp"])
  func silentServer(scheme: String) throws {
    let server = try SilentServer()
    let location = "\(scheme)://user:secret@127.0.0.1:\(server.port)/stream"
    let found = try code { _ = try VideoReader(location, options: options()) }
    #expect(found == "open_timeout")
  }

  @Test("a closed port is refused immediately", arguments: ["http", "rtsp", "tcp"])
  func refused(scheme: String) throws {
    let closed = try LocalSocket(isListening: false)
    let location = "\(scheme)://127.0.0.1:\(closed.port)/stream"
    let found = try code { _ = try VideoReader(location, options: options(open: 10 * longWait)) }
    #expect(found == "connection_refused")
  }

  @Test("a stream that stalls midway causes a read timeout", .requires(.media))
  func silentStream() throws {
    let clip = try Data(contentsOf: URL(filePath: media("plain.ts")))
    let head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n"
    let server = try SilentServer(sending: Data(head.utf8) + clip)
    var options = options(open: longWait, read: 2)
    // Without this, opening waits for five seconds of video.
    options.demuxerOptions = [.init(key: "analyzeduration", value: "500000")]
    var frames = 0
    let found = try code {
      let reader = try VideoReader("http://127.0.0.1:\(server.port)/a.ts", options: options)
      while try reader.next() != nil { frames += 1 }
    }
    #expect(found == "read_timeout")
    #expect(frames > 0)
  }

  @Test("a download that breaks off keeps its frames and counts as truncated", .requires(.media))
  func brokenDownload() throws {
    // Cut between two packets of the transport stream, so its bytes don't reveal the cut.
    let clip = try Data(contentsOf: URL(filePath: media("plain.ts"))).prefix(188 * 600)
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nContent-Length: 201348\r\n\r\n"
    let server = try SilentServer(sending: Data(head.utf8) + clip, thenCloses: true)
    let reading = try Reading(
      "http://127.0.0.1:\(server.port)/a.ts", options: options(open: longWait, read: longWait))
    #expect(!reading.frames.isEmpty)
    #expect(reading.truncation != nil)
    #expect(reading.info.kind == .file)
  }

  @Test("cancelling from another thread ends a blocking call")
  func cancelling() throws {
    let server = try SilentServer()
    let cancellation = Cancellation()
    Thread.detachNewThread {
      usleep(200_000)
      cancellation.cancel()
    }
    let found = try code {
      _ = try VideoReader(
        "rtsp://127.0.0.1:\(server.port)/a", options: options(open: 10 * longWait),
        cancellation: cancellation)
    }
    #expect(found == "cancelled")
    #expect(cancellation.isCancelled)
  }

  @Test("cancelling stops the reading of a file", .requires(.media))
  func cancellingFile() throws {
    let cancellation = Cancellation()
    let reader = try VideoReader(media("plain.mp4"), cancellation: cancellation)
    _ = try reader.next()
    cancellation.cancel()
    let found = try code { while try reader.next() != nil {} }
    #expect(found == "cancelled")
  }
}

@Suite("Pipes", .requires(.media))
struct PipeTests {
  @Test("a named pipe reads like a file", arguments: ["plain.ts", "plain.mkv", "faststart.mp4"])
  func namedPipe(name: String) throws {
    let folder = try ScratchFolder()
    let path = folder("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let bytes = try Data(contentsOf: URL(filePath: media(name)))
    Thread.detachNewThread {
      try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: bytes)
    }
    let reading = try Reading(path)
    #expect(reading.frames.count == 50)
    #expect(reading.info.kind == .file)
    #expect(reading.truncation == nil)
  }

  @Test("a pipe that ends early counts as truncated")
  func cutPipe() throws {
    let folder = try ScratchFolder()
    let path = folder("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let bytes = try Data(contentsOf: URL(filePath: media("cut.mp4")))
    Thread.detachNewThread {
      try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: bytes)
    }
    let reading = try Reading(path)
    #expect(!reading.frames.isEmpty)
    #expect(reading.truncation != nil)
  }

  @Test("a pipe without a writer causes an open timeout")
  func silentPipe() throws {
    let folder = try ScratchFolder()
    #expect(unsafe mkfifo(folder("pipe"), 0o600) == 0)
    var options = InputOptions()
    options.openTimeout = 0.3
    #expect(try failure(folder("pipe"), options: options) == "open_timeout")
  }
}
