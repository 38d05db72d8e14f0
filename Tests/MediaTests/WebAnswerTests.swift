import Foundation
import MediaTestSupport
import Support
import TestSupport
import Testing

@testable import Media

/// What a web server may answer instead of media.
@Suite("Answers of web servers")
struct WebAnswerTests {
  private func error(_ address: String) throws -> MediaError {
    var options = InputOptions()
    options.openTimeout = longWait
    options.readTimeout = longWait
    return try #require(throws: MediaError.self) { try VideoReader(address, options: options) }
  }

  @Test("one that redirects in a circle is named as the cause")
  func circle() throws {
    let server = try StreamServer { $0.send("HTTP/1.0 302 Found\r\nLocation: /a\r\n\r\n") }
    let error = try error(server.url("/a"))
    #expect(error.code == .connectionFailed && !error.isTransient, "\(error)")
    #expect(error.message.contains("in a circle"), "\(error)")
  }

  @Test("one that redirects to a file is not followed")
  func file() throws {
    let server = try StreamServer {
      $0.send("HTTP/1.0 302 Found\r\nLocation: file:///etc/hosts\r\n\r\n")
    }
    let error = try error(server.url("/a"))
    #expect(error.message.contains("no web address") && !error.isTransient, "\(error)")
  }

  @Test("one that says nothing is worth another try")
  func silence() throws {
    let server = try StreamServer { _ in }
    let error = try error(server.url("/a"))
    #expect(error.code == .connectionFailed && error.isTransient, "\(error)")
    #expect(error.message.contains("without an answer"), "\(error)")
  }

  @Test("the answer that came is inspected, not requested again")
  func once() throws {
    let requests = Locked(0)
    let page = Array("<html><body>Please log in.</body></html>".utf8)
    let server = try StreamServer { exchange in
      requests.withLock { $0 += 1 }
      exchange.sendAll(page, type: "text/html")
    }
    #expect(try error(server.url("/a.mp4")).message.contains("a web page"))
    #expect(requests.withLock { $0 } == 1)
    let junk = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) | 1 }
    let other = try StreamServer { exchange in
      requests.withLock { $0 += 1 }
      exchange.sendAll(junk, type: "video/mp4")
    }
    #expect(try error(other.url("/a.mp4")).code == .invalidData)
    #expect(requests.withLock { $0 } == 2)
  }
}
