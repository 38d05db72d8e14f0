@testable import Download
@testable import Support
import Foundation
import TestSupport
import Testing

@Suite("Addresses, redirects and proxies")
struct AddressTests {
  @Test("an address has a host, a port and a target")
  func parts() throws {
    let plain = try WebAddress("HTTPS://Models.Example/a/b.pth?key=secret#part")
    #expect(plain.host == "models.example" && plain.port == 443)
    #expect(plain.target == "/a/b.pth?key=secret")
    #expect(plain.text == "https://models.example/a/b.pth")
    #expect(plain.fileName == "b.pth")
    let numeric = try WebAddress("https://[::1]:8443")
    #expect(numeric.host == "::1" && numeric.port == 8443 && numeric.target == "/")
    #expect(numeric.authority == "[::1]:8443" && numeric.fileName == nil)
    #expect(try WebAddress("https://h/ü").target == "/%C3%BC")
  }

  @Test(
    "other addresses are refused",
    arguments: [
      "http://h/a", "ftp://h/a", "file:///etc/passwd", "https:///a", "https://h:0/a",
      "https://h:99999/a", "https://h:8a/a", "https://h/a b", "https://h/a\r\nHost: x",
      "https://user:secret@h/a", "https://hö.example/a", "mobilenet", "https://[::1/a",
    ])
  func refused(text: String) {
    let error = downloadError { () throws(DownloadError) in _ = try WebAddress(text) }
    #expect(error?.code == .invalidAddress)
    #expect(error?.description.contains("secret") == false)
  }

  @Test("redirects are resolved, and only to https")
  func redirects() throws {
    let base = try WebAddress("https://h:8443/a/b/c?x=1")
    let expected = [
      "/d": "https://h:8443/d", "d?y": "https://h:8443/a/b/d?y", "?z": "https://h:8443/a/b/c?z",
      "//other/e": "https://other/e", "https://other:1/f#g": "https://other:1/f",
    ]
    for (location, address) in expected {
      #expect(try base.redirected(to: location).identity == address)
    }
    for location in ["http://h/d", "file:///etc/passwd", "https://u:p@h/", "/a b", "//"] {
      let error = downloadError { () throws(DownloadError) in
        _ = try base.redirected(to: location)
      }
      #expect(error?.code == .redirected, "\(location)")
    }
  }

  @Test("hashes are read from file names as torchvision writes them")
  func hashes() {
    #expect(ExpectedHash(fileName: "mobilenet_v2-7ebf99e0.pth") == .beginning("7ebf99e0"))
    #expect(ExpectedHash(fileName: "shufflenetv2_x0.5-f707e7126e.pth") == .beginning("f707e7126e"))
    for name in ["squeezenet.pth", "a-1234567.pth", "a-notahash.pth", "7ebf99e0.pth", "a-7ebf99e0"]
    {
      #expect(ExpectedHash(fileName: name) == nil, "\(name)")
    }
    #expect(ExpectedHash(whole: String(repeating: "A0", count: 32))?.digits.hasPrefix("a0") == true)
    #expect(ExpectedHash(whole: String(repeating: "a", count: 63)) == nil)
    #expect(ExpectedHash(whole: String(repeating: "g", count: 64)) == nil)
  }

  @Test("the proxy comes from the environment, except for excluded hosts")
  func proxies() throws {
    let address = try WebAddress("https://sub.models.example:8443/a")
    func proxy(_ environment: [String: String]) throws(DownloadError) -> String? {
      try Proxy.for(address, in: environment)?.address
    }
    #expect(try proxy([:]) == nil)
    #expect(try proxy(["http_proxy": "http://p:1"]) == nil)
    #expect(try proxy(["https_proxy": "http://u:p@p.example:3128/"]) == "http://u:p@p.example:3128")
    #expect(try proxy(["HTTPS_PROXY": "p.example:3128"]) == "http://p.example:3128")
    #expect(try proxy(["all_proxy": "http://p"]) == "http://p:80")
    #expect(try proxy(["https_proxy": "", "ALL_PROXY": "http://q"]) == "http://q:80")
    for excluded in [
      "*", "models.example", ".models.example", "*.models.example", "other, sub.models.example",
      "SUB.models.example",
      "models.example:8443",
    ] {
      #expect(try proxy(["https_proxy": "p:1", "no_proxy": excluded]) == nil, "\(excluded)")
    }
    for other in ["example.org", "odels.example", "models.example:443", "b.models.example"] {
      #expect(try proxy(["https_proxy": "p:1", "NO_PROXY": other]) != nil, "\(other)")
    }
    for unusable in ["socks5://p:1", "https://p:1", "http://p:x"] {
      let error = downloadError { () throws(DownloadError) in
        _ = try Proxy.for(address, in: ["https_proxy": unusable])
      }
      #expect(error?.code == .invalidAddress)
    }
  }

  @Test("redirects lead to other hosts only where the whole hash is known")
  func hosts() throws {
    let folder = try TemporaryFolder()
    let body = sampleBytes(100)
    let hash = RunningHash()
    hash.add(body)
    let server = FakeServer { _, request in
      request.contains("Host: a.example")
        ? .init("302 Found", ["Location: https://b.example/x", "Content-Length: 0"]) : .file(body)
    }
    let downloader = Downloader(
      server, userAgent: "test", environment: ["https_proxy": "p:1", "no_proxy": "a.example"])
    func fetch(_ hash: ExpectedHash) throws(DownloadError) {
      _ = try downloader.fetch(
        Download(address: try WebAddress("https://a.example/x"), hash: hash, limit: 1000),
        into: folder.path)
    }
    let error = downloadError { () throws(DownloadError) in
      try fetch(.beginning(String(hash.digits.prefix(8))))
    }
    #expect(error?.code == .redirected && error?.message.contains("b.example") == true)
    try fetch(.whole(hash.digits))
    #expect(server.hosts == ["a.example", "a.example", "p:1>b.example"])
    let loop = FakeServer { _, _ in .init("301 Moved", ["Location: /x"]) }
    let endless = downloadError { () throws(DownloadError) in
      _ = try Downloader(loop, userAgent: "test", environment: [:]).fetch(
        Download(
          address: try WebAddress("https://a.example/y"), hash: .whole(hash.digits), limit: 9),
        into: folder.path)
    }
    #expect(endless?.code == .redirected && loop.requests.count == 6)
  }
}
