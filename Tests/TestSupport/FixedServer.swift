public import Foundation

/// An HTTP server on 127.0.0.1 that gives every client the same bytes, and knows no ranges.
public final class FixedServer: Sendable {
  private let socket: LocalSocket

  /// The number of its port.
  public var port: Int { socket.port }

  /// Starts to serve `body`, with a status line such as `429 Too Many Requests`.
  public init(_ body: Data, status: String = "200 OK") throws {
    let socket = try LocalSocket()
    self.socket = socket
    let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    let answer = Data(head.utf8) + body
    Thread.detachNewThread {
      while true {
        let client = socket.accept()
        guard client >= 0 else { return }
        Thread.detachNewThread {
          var request = [UInt8](repeating: 0, count: 4096)
          unsafe _ = read(client, &request, request.count)
          var rest = [UInt8](answer)[...]
          while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
              unsafe send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
          }
          close(client)
        }
      }
    }
  }

  deinit { socket.shutDown() }
}
