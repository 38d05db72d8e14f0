@testable import Download
import Foundation
import Support
import TestSupport
import Testing

@Suite("Downloading a file")
struct DownloaderTests {
  let folder: TemporaryFolder
  let body = sampleBytes(5000)

  init() throws { folder = try TemporaryFolder() }

  private func download(
    _ hash: ExpectedHash? = nil, limit: Int = 1 << 20
  ) throws(DownloadError) -> Download {
    Download(
      address: try WebAddress("https://models.example/a/net.pth"),
      hash: hash ?? .whole(sha256(body)), limit: limit)
  }

  private func sha256(_ bytes: [UInt8]) -> String {
    let hash = RunningHash()
    hash.add(bytes)
    return hash.digits
  }

  private func fetch(
    _ server: FakeServer, _ download: Download, control: DownloadControl = DownloadControl(),
    environment: [String: String] = [:]
  ) throws(DownloadError) -> DownloadedFile {
    try Downloader(
      server, userAgent: "test", environment: environment, pause: { _ in }
    ).fetch(download, into: folder.path + "/models/.pulling", control: control)
  }

  private var leftOver: [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
  }

  @Test("a file arrives whole, with its hash, and can be removed without a trace")
  func whole() throws {
    let server = FakeServer { [body] _, _ in .file(body) }
    let file = try fetch(server, download())
    #expect(try [UInt8](Data(contentsOf: URL(filePath: file.path))) == body)
    #expect(file.sha256 == sha256(body) && file.byteCount == body.count)
    #expect(file.path.hasSuffix("/net.pth"))
    #expect(
      server.requests == [
        "GET /a/net.pth HTTP/1.1\r\nHost: models.example\r\nUser-Agent: test\r\nAccept: */*\r\n"
          + "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
      ])
    file.remove()
    #expect(leftOver == ["models"])
  }

  @Test("the known first digits of a hash are enough")
  func digits() throws {
    let server = FakeServer { [body] _, _ in .file(body) }
    let known = ExpectedHash.beginning(String(sha256(body).prefix(8)))
    #expect(try fetch(server, download(known)).sha256 == sha256(body))
  }

  @Test("chunks, an unknown length and interim answers are understood")
  func framing() throws {
    var chunks = Array("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".utf8)
    chunks += Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    for start in stride(from: 0, to: body.count, by: 1777) {
      let part = body[start..<min(start + 1777, body.count)]
      chunks += Array("\(String(part.count, radix: 16));x=y\r\n".utf8) + part + Array("\r\n".utf8)
    }
    chunks += Array("0\r\n\r\n".utf8)
    let endless = Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + body
    for bytes in [chunks, endless] {
      let server = FakeServer { _, _ in .init(bytes: bytes) }
      let file = try fetch(server, download())
      #expect(file.sha256 == sha256(body))
      file.remove()
    }
  }

  @Test("a connection that breaks is continued where it broke, in the same run")
  func continued() throws {
    let server = FakeServer { [body] number, request in
      switch number {
      case 0: return .cut(body, after: 2000, tag: "\"v1\"")
      case 1:
        var answer = FakeServer.Answer.rest(body, from: 2000, tag: "\"v1\"")
        answer.bytes.removeLast(1000)
        return answer
      default: return .rest(body, from: 4000, tag: "\"v1\"")
      }
    }
    #expect(try fetch(server, download()).sha256 == sha256(body))
    #expect(server.requests[1].contains("Range: bytes=2000-\r\nIf-Range: \"v1\"\r\n"))
    #expect(server.requests[2].contains("Range: bytes=4000-\r\n"))
  }

  @Test("a later run goes on where an earlier one was stopped")
  func later() throws {
    let isStopped = Locked(false)
    let stopping = DownloadControl { isStopped.withLock { $0 } }
    let first = FakeServer { [body] _, _ in
      isStopped.withLock { $0 = true }
      return .file(body)
    }
    // Stopped as soon as the head is there: nothing of the body is kept.
    let error = downloadError { () throws(DownloadError) in
      _ = try fetch(first, try download(), control: stopping)
    }
    #expect(error?.code == .cancelled)
    #expect(leftOver == ["models"])
    let second = FakeServer { [body] number, _ in
      number == 0 ? .cut(body, after: 2000) : .init(bytes: [], failure: .cancelled("x"))
    }
    #expect(
      downloadError { () throws(DownloadError) in
        _ = try fetch(second, try download())
      } != nil)
    let third = FakeServer { [body] _, _ in .rest(body, from: 2000) }
    #expect(try fetch(third, download()).sha256 == sha256(body))
    // What is complete isn't asked for again.
    let none = FakeServer { _, _ in .init(bytes: []) }
    #expect(try fetch(none, download()).sha256 == sha256(body))
    #expect(none.requests.isEmpty)
  }

  @Test("a file that has changed meanwhile is received anew", arguments: 0..<4)
  func changed(way: Int) throws {
    let old = sampleBytes(5000, seed: 9)
    let server = FakeServer { [body] number, _ in
      switch (number, way) {
      case (0, 3): return .cut(old, after: 2000)
      case (0, _): return .cut(old, after: 2000, tag: "\"old\"")
      // As a server that knows If-Range does,
      case (1, 0): return .file(body, tag: "\"new\"")
      // one that doesn't,
      case (1, 1): return .rest(body, from: 2000, tag: "\"new\"")
      // one whose file is shorter now,
      case (1, 2): return .init("416 Range Not Satisfiable", ["Content-Range: bytes */100"])
      // and one that says nothing of versions: only the hash tells.
      case (1, _): return .rest(body, from: 2000)
      default: return .file(body, tag: "\"new\"")
      }
    }
    #expect(try fetch(server, download()).sha256 == sha256(body))
    #expect(server.requests.count == (way == 0 ? 2 : 3))
    #expect(!server.requests[server.requests.count - 1].contains("Range") || way == 0)
  }

  @Test("a server that ignores ranges starts over")
  func ignoresRanges() throws {
    let server = FakeServer { [body] number, _ in
      number == 0 ? .cut(body, after: 2000) : .file(body)
    }
    #expect(try fetch(server, download()).sha256 == sha256(body))
  }

  @Test("of a file with another hash nothing is kept, and the error shows the hash whole")
  func wrongHash() throws {
    let other = sampleBytes(300, seed: 3)
    let server = FakeServer { _, _ in .file(other) }
    for hash in [ExpectedHash.whole(sha256(body)), .beginning("7ebf99e0")] {
      let error = downloadError { () throws(DownloadError) in
        _ = try fetch(server, try download(hash))
      }
      #expect(error?.code == .wrongHash && error?.isTransient == false)
      #expect(error?.message.contains(sha256(other)) == true)
      #expect(error?.message.contains(hash.digits) == true)
      #expect(leftOver == ["models"])
    }
  }

  @Test("an answer that is too large is refused, announced or not")
  func tooLarge() throws {
    let announced = FakeServer { [body] _, _ in .file(body) }
    let endless = FakeServer { [body] _, _ in .init("200 OK", [], body + body) }
    for server in [announced, endless] {
      let error = downloadError { () throws(DownloadError) in
        _ = try fetch(server, try download(limit: 4000))
      }
      #expect(error?.code == .tooLarge)
      #expect(leftOver == ["models"])
    }
  }

  @Test("a server that announces more than there is has sent the file all the same")
  func announcesTooMuch() throws {
    let server = FakeServer { [body] _, _ in
      .init("200 OK", ["Content-Length: \(body.count + 7)"], body)
    }
    #expect(try fetch(server, download()).sha256 == sha256(body))
    #expect(server.requests.count == 1)
  }

  @Test("a server that closes after every few bytes is left in the end")
  func drip() throws {
    let server = FakeServer { [body] number, _ in
      var answer =
        number == 0 ? FakeServer.Answer.file(body) : .rest(body, from: 10 * number)
      answer.bytes.removeLast(body.count - 10 * number - 10)
      return answer
    }
    let error = downloadError { () throws(DownloadError) in _ = try fetch(server, try download()) }
    #expect(error?.code == .cutShort && error?.isTransient == true)
    #expect(server.requests.count == 4)
    // What has arrived is kept.
    #expect(leftOver.contains { $0.hasSuffix("net.pth") })
  }

  @Test("a server in trouble is tried again, but not for ever")
  func trouble() throws {
    let recovers = FakeServer { [body] number, _ in
      number < 2 ? .init("503 Busy", ["Content-Length: 0"]) : .file(body)
    }
    #expect(try fetch(recovers, download()).sha256 == sha256(body))
    let busy = FakeServer { _, _ in .init("503 Busy", ["Content-Length: 0"]) }
    var request = try download(.beginning("00000000"))
    request.retries = 2
    let error = downloadError { () throws(DownloadError) in _ = try fetch(busy, request) }
    #expect(error?.code == .serverError && error?.isTransient == true)
    #expect(busy.requests.count == 3)
  }

  @Test(
    "other answers are errors of their own",
    arguments: [
      ("404 Not Found", DownloadError.Code.notFound), ("410 Gone", .notFound),
      ("403 Forbidden", .refused), ("204 No Content", .refused),
      ("206 Partial Content", .invalidAnswer),
    ])
  func statuses(status: String, code: DownloadError.Code) throws {
    let server = FakeServer { _, _ in .init(status, ["Content-Length: 0"]) }
    let error = downloadError { () throws(DownloadError) in _ = try fetch(server, try download()) }
    #expect(error?.code == code)
    #expect(leftOver == ["models"])
  }

  @Test(
    "answers that contradict themselves are refused",
    arguments: [
      "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2xx OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabcd",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nabcd",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
      "HTTP/1.1 302 Found\r\n\r\n",
      "HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 300) + "\r\n",
      String(repeating: "x", count: 100_000),
    ])
  func nonsense(answer: String) throws {
    let server = FakeServer { _, _ in .init(bytes: Array(answer.utf8)) }
    let error = downloadError { () throws(DownloadError) in _ = try fetch(server, try download()) }
    #expect(error?.code == .invalidAnswer, "\(String(describing: error))")
  }

  @Test("two downloads of one file don't meet")
  func two() throws {
    let address = try WebAddress("https://models.example/a/net.pth")
    let place = folder.path + "/models/.pulling"
    let first = try PartialDownload(of: address, named: "net.pth", in: place)
    let server = FakeServer { [body] _, _ in .file(body) }
    let error = downloadError { () throws(DownloadError) in _ = try fetch(server, try download()) }
    #expect(error?.code == .inUse)
    #expect(server.requests.isEmpty)
    withExtendedLifetime(first) {}
  }

  @Test("a folder that can't be written is an error with its path")
  func unwritable() throws {
    try folder.add("models", "a file where a folder should be")
    let server = FakeServer { [body] _, _ in .file(body) }
    let error = downloadError { () throws(DownloadError) in _ = try fetch(server, try download()) }
    #expect(error?.code == .writeFailed)
    #expect(error?.subject.hasPrefix(folder.path) == true)
  }
}
