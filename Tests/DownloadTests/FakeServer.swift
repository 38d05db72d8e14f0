@testable import Download
import Foundation
import Support

/// A connector whose hosts answer as a test says, without a network.
final class FakeServer: Connector {
  /// One connection: what was asked, and what is answered.
  struct Answer {
    var bytes: [UInt8]
    /// What follows the bytes, instead of the end of the connection.
    var failure: DownloadError?
  }

  private struct State {
    var requests: [String] = []
    var hosts: [String] = []
  }

  private let state = Locked(State())
  private let answer: @Sendable (Int, String) -> Answer

  /// `answer` gets the number of the request, from 0, and its text.
  init(_ answer: @escaping @Sendable (Int, String) -> Answer) {
    self.answer = answer
  }

  /// The requests so far.
  var requests: [String] { state.withLock { $0.requests } }
  /// The hosts that were connected to so far, `proxy>host` behind a proxy.
  var hosts: [String] { state.withLock { $0.hosts } }

  func connect(
    to address: WebAddress, through proxy: Proxy?
  ) throws(DownloadError) -> any ByteConnection {
    let way = proxy.map { "\($0.host):\($0.port)>" } ?? ""
    state.withLock { $0.hosts.append(way + address.authority) }
    return Connection(self)
  }

  private func received(_ request: String) -> Answer {
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    return answer(number, request)
  }

  private final class Connection: ByteConnection {
    private let server: FakeServer
    private var rest = Answer(bytes: [])

    init(_ server: FakeServer) { self.server = server }

    func write(_ bytes: [UInt8]) throws(DownloadError) {
      rest = server.received(String(decoding: bytes, as: UTF8.self))
    }

    func read(upTo count: Int) throws(DownloadError) -> [UInt8] {
      // In odd pieces, so that lines and chunks are cut anywhere.
      let piece = Array(rest.bytes.prefix(min(count, 7)))
      rest.bytes.removeFirst(piece.count)
      if piece.isEmpty, let failure = rest.failure { throw failure }
      return piece
    }
  }
}

extension FakeServer.Answer {
  /// An answer with a head and a body.
  init(
    _ status: String, _ fields: [String] = [], _ body: [UInt8] = [], failure: DownloadError? = nil
  ) {
    let head = (["HTTP/1.1 \(status)"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    self.init(bytes: Array(head.utf8) + body, failure: failure)
  }

  /// The whole file, with its length and perhaps an entity tag.
  static func file(_ body: [UInt8], tag: String? = nil) -> Self {
    .init(
      "200 OK", ["Content-Length: \(body.count)"] + (tag.map { ["ETag: \($0)"] } ?? []), body)
  }

  /// The whole file's head, and only the first bytes of it.
  static func cut(_ body: [UInt8], after count: Int, tag: String? = nil) -> Self {
    var answer = Self.file(body, tag: tag)
    answer.bytes.removeLast(body.count - count)
    return answer
  }

  /// The rest of the file from a byte on.
  static func rest(_ body: [UInt8], from first: Int, tag: String? = nil) -> Self {
    .init(
      "206 Partial Content",
      [
        "Content-Length: \(body.count - first)",
        "Content-Range: bytes \(first)-\(body.count - 1)/\(body.count)",
      ] + (tag.map { ["ETag: \($0)"] } ?? []), Array(body[first...]))
  }
}

/// Some bytes that differ from place to place.
func sampleBytes(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) &+ seed }
}

/// The error that `body` throws; `nil` if it throws none.
func downloadError(_ body: () throws(DownloadError) -> Void) -> DownloadError? {
  do throws(DownloadError) { try body() } catch { return error }
  return nil
}
