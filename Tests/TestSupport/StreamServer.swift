internal import Foundation

/// An HTTP server on 127.0.0.1 whose answers a test writes as it likes: at the speed of a camera,
/// with or without a length, cut off in the middle.
public final class StreamServer: Sendable {
  /// One request, and the way back.
  public struct Exchange: Sendable {
    /// The path that was asked for, such as `/a.m3u8`.
    public let path: String
    fileprivate let client: Int32

    /// Sends bytes; `false` once the client has gone.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { buffer in
          #if canImport(Darwin)
          unsafe Foundation.send(client, buffer.baseAddress, buffer.count, 0)
          #else
          unsafe Foundation.send(
            client, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
          #endif
        }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    /// Waits for another request over the same connection, and returns its path; `nil` if none
    /// comes.
    public func nextRequest() -> String? { StreamServer.request(client) }

    /// Sends text; `false` once the client has gone.
    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }
  }

  private let socket: LocalSocket

  /// Starts to answer; `answer` runs on a thread of its own for each request, and the connection is
  /// closed when it returns.
  public init(port: Int = 0, _ answer: @escaping @Sendable (Exchange) -> Void) throws {
    let socket = try LocalSocket(port: port)
    self.socket = socket
    Thread.detachNewThread {
      while true {
        let client = socket.accept()
        guard client >= 0 else { return }
        Thread.detachNewThread {
          if let path = Self.request(client) { answer(Exchange(path: path, client: client)) }
          // Closing with unread bytes would make the system discard the answer.
          shutdown(client, Int32(SHUT_WR))
          var rest = [UInt8](repeating: 0, count: 4096)
          while unsafe read(client, &rest, rest.count) > 0 {}
          close(client)
        }
      }
    }
  }

  deinit { socket.shutDown() }

  /// The address of a path on this server.
  public func url(_ path: String) -> String { "http://127.0.0.1:\(socket.port)\(path)" }

  /// The number of the port.
  public var port: Int { socket.port }

  /// The path of a request, once all of its head has come.
  fileprivate static func request(_ client: Int32) -> String? {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.ends(with: Array("\r\n\r\n".utf8)) {
      let count = unsafe read(client, &buffer, buffer.count)
      guard count > 0 else { return nil }
      head += buffer[..<count]
    }
    let words = String(decoding: head, as: UTF8.self).split(separator: " ", maxSplits: 2)
    return words.count > 1 ? String(words[1]) : nil
  }
}

extension StreamServer.Exchange {
  /// Sends the head of a series of pictures, each of which replaces the one before.
  @discardableResult
  public func beginPictures() -> Bool {
    send("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\n\r\n")
  }

  /// Sends a picture of such a series.
  @discardableResult
  public func sendPicture(_ jpeg: [UInt8]) -> Bool {
    send(
      Array("--x\r\nContent-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n".utf8)
        + jpeg + Array("\r\n".utf8))
  }

  /// Sends a whole answer with its length.
  public func sendAll(_ bytes: [UInt8], type: String) {
    send("HTTP/1.0 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(bytes.count)\r\n\r\n")
    send(bytes)
  }
}

extension [UInt8] {
  fileprivate func ends(with end: [UInt8]) -> Bool { suffix(end.count) == end[...] }
}
