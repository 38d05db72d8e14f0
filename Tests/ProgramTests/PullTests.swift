import Foundation
import Models
import TestSupport
import Testing

@Suite("models pull", .serialized, .requires(.secureServer))
struct PullTests {
  let server: LyingServer

  init() throws { server = try LyingServer() }

  /// Checks that a pull failed with one line and a status, and that nothing can be used by name.
  private func expect(
    _ outcome: Program.Outcome, _ status: Int32, _ text: String, keeps kept: [String] = [],
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: location)
    #expect(outcome.output.isEmpty, sourceLocation: location)
    let lines = outcome.errors.split(separator: "\n").filter { !$0.contains(": warning: ") }
    #expect(lines.count == 1, "\(outcome.errors)", sourceLocation: location)
    #expect(
      lines.first?.hasPrefix("stream-detect: error: ") == true
        && lines.first?.contains(text) == true,
      "\(outcome.errors)", sourceLocation: location)
    let names = server.files.map { $0.split(separator: "/").last.map(String.init) ?? "" }
    #expect(names == kept, sourceLocation: location)
  }

  @Test("weights are pulled in one command, used by name, and pulled once", .requires(.media))
  func pull() throws {
    let address = server.address("files")
    let outcome = try server.pull(address, "--license", "BSD-3-Clause")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("SHA-256: \(server.sha256) (begins with "))
    #expect(outcome.output.contains("stream-detect classify SOURCE --model net\n"))
    #expect(server.files == ["net.safetensors"])
    let model = try ModelFile(path: server.place.path + "/models/net.safetensors")
    #expect(model.description.license == "BSD-3-Clause" && model.description.name == "net")
    #expect(
      model.description.provenance == "\(address), SHA-256 \(server.sha256) (PyTorch)")
    #expect(model.description.labels[281] == "tabby")
    let use = try Program.run(
      ["classify", media("image.jpg"), "--model", "net", "--json"], in: server.place.path,
      environment: server.environment)
    #expect(use.status == 0 && use.output.contains("\"confidence\""), "\(use.errors)")
    let again = try server.pull(address)
    #expect(again.status == 0 && again.output.hasPrefix("net: already there, "))
    #expect(try server.requests().count == 1)
    // Another file may not take its name, unless that is asked for.
    let other = server.address("redirect-here")
    let taken = try server.pull(other)
    expect(taken, 2, "--replace", keeps: ["net.safetensors"])
    #expect(try server.pull(other, "--replace").status == 0)
    #expect(try server.pull(other, "--name", "second").status == 0)
    #expect(server.files == ["net.safetensors", "second.safetensors"])
  }

  @Test("weights are taken out of an archive, by their name in it")
  func archive() throws {
    let address = "https://localhost:\(server.port("good"))/files/net.tar.gz"
    let hash = ["--sha256", server.archiveHash]
    let kept = [".note.json", "net.tar.gz"]
    expect(try server.pull(address, hash[0], hash[1]), 2, "--member NAME", keeps: kept)
    expect(
      try server.pull(address, hash[0], hash[1], "--member", "none.pth"), 5,
      "The archive holds no file none.pth.", keeps: kept)
    let outcome = try server.pull(address, hash[0], hash[1], "--member", "weights.pth")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(server.files == ["net.safetensors"])
    #expect(try server.requests().count == 1)
  }

  @Test("a frozen graph is taken out of its archive, whatever else is in it")
  func frozenGraph() throws {
    let address = "https://localhost:\(server.port("good"))/files/graph.tar.gz"
    let outcome = try server.pull(
      address, "--sha256", server.graphHash, "--member", "frozen_inference_graph.pb", "--license",
      "Apache-2.0")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(server.files == ["graph.safetensors"])
    let model = try ModelFile(path: server.place.path + "/models/graph.safetensors")
    #expect(model.description.architecture.isDetector)
    #expect(
      model.description.provenance
        == "\(address), SHA-256 \(server.graphHash) (TensorFlow, frozen graph)")
  }

  @Test("a broken connection is continued, and a file that changes meanwhile received anew")
  func broken() throws {
    let cut = try server.pull(server.address("cut"), "--name", "cut")
    #expect(cut.status == 0, "\(cut.errors)")
    let half = server.size / 2
    #expect(try server.requests()[1].hasSuffix(".pth bytes=\(half)- \"v1\""))
    let changed = try server.pull(server.address("changed"), "--name", "changed")
    #expect(changed.status == 0, "\(changed.errors)")
    #expect(try server.requests()[3].hasSuffix(".pth bytes=\(half)- \"old\""))
    let longer = try server.pull(server.address("longer"), "--name", "longer")
    #expect(longer.status == 0, "\(longer.errors)")
    #expect(
      server.files == ["changed.safetensors", "cut.safetensors", "longer.safetensors"])
  }

  @Test("a file with another hash is refused, and the hash is shown whole")
  func wrongHash() throws {
    expect(try server.pull(server.address("wrong")), 5, "Its SHA-256 is ")
    expect(
      try server.pull(server.plainAddress("wrong"), "--sha256", server.sha256), 5,
      "but \(server.sha256) was expected")
    expect(try server.pull(server.address("shorter")), 5, "Its SHA-256 is ")
    expect(try server.pull(server.address("html")), 5, "Its SHA-256 is ")
    let mirror = "https://localhost:\(server.port("good"))/files"
    expect(
      try server.pull("mobilenet_v2", "--mirror", mirror), 5,
      "Its SHA-256 is \(server.sha256), but 7ebf99e0 was expected")
    expect(
      try server.pull("ssd_mobilenet_v1_coco_2018_01_28", "--mirror", mirror), 5,
      "but 8788f89108519fd1102b8a5c2ac861cf6d86603571b6ce5bbd1c245b7fe005e3 was expected")
    expect(try server.pull(server.plainAddress("files")), 2, "--sha256")
    expect(try server.pull(server.plainAddress("files"), "--sha256", "12"), 2, "64 hexadecimal")
    expect(try server.pull("mobilenet"), 2, "Nearest: mobilenet_v2")
  }

  @Test("redirects lead to https only, and to another host only with the whole hash")
  func redirects() throws {
    expect(try server.pull(server.address("redirect-plain")), 5, "which is not an https address")
    expect(try server.pull(server.address("redirect-host")), 5, "another host, 127.0.0.1:")
    expect(try server.pull(server.address("redirect-loop")), 5, "without end")
    let whole = try server.pull(server.plainAddress("redirect-host"), "--sha256", server.sha256)
    #expect(whole.status == 0 && server.files == ["net.safetensors"], "\(whole.errors)")
    #expect(whole.output.contains("SHA-256: \(server.sha256) (as expected)"))
  }

  @Test("a server that says no, or too much, is an error of its own")
  func answers() throws {
    expect(try server.pull(server.address("missing")), 5, "The server has no such file (404)")
    expect(
      try server.pull(server.address("busy"), "--retries", "0"), 4, "cannot answer now (503)")
    expect(
      try server.pull(server.address("endless"), "--max-size", "20MB"), 5,
      "more than 20000000 bytes")
    expect(try server.pull(server.address("files"), "--max-size", "1MB"), 5, "1000000 are allowed")
    expect(try server.pull("http://localhost:\(server.port("plain"))/files/a.pth"), 2, "Only https")
    let closed = try LocalSocket(isListening: false)
    expect(
      try server.pull("https://localhost:\(closed.port)/a-00000000.pth"), 4, "Nothing is listening")
    expect(try server.pull("https://no.invalid/a-00000000.pth"), 4, "could not be found")
    expect(try server.pull(server.address("files", "plain")), 4, "broke the connection")
  }

  @Test("a server that sends nothing is given up in time; the next pull goes on")
  func stalled() throws {
    let silent = try server.pull(
      server.address("silent"), "--read-timeout", "1", "--retries", "0")
    expect(silent, 4, "did not answer in time")
    #expect(silent.seconds < 120)
    let half = server.size / 2
    let stalled = try server.pull(
      server.address("stall"), "--read-timeout", "1", "--retries", "0")
    let name = "net-\(server.sha256.prefix(8)).pth"
    expect(stalled, 4, "did not answer in time", keeps: [".note.json", name])
    #expect(stalled.seconds < 120)
    _ = try server.pull(server.address("stall"), "--read-timeout", "1", "--retries", "0")
    #expect(try server.requests().last?.hasSuffix("bytes=\(half)- \"v1\"") == true)
  }

  @Test("only a host that proves who it is sends anything")
  func certificates() throws {
    for certificate in ["self", "expired"] {
      expect(
        try server.pull(server.address("files", certificate)), 5,
        "has expired, or no trusted authority has issued it")
    }
    expect(try server.pull(server.address("files", "other")), 5, "is for another host")
    expect(
      try server.pull(server.address("files"), environment: ["SSL_CERT_FILE": ""]), 5,
      "no trusted authority")
    expect(
      try server.pull(server.address("files"), environment: ["SSL_CERT_FILE": "/none"]), 2,
      "It names no file: /none")
    #expect(!FileManager.default.fileExists(atPath: server.place.path + "/server/requests.log"))
  }

  @Test("proxies pass connections on, and need not be trusted")
  func proxies() throws {
    let proxy = "http://localhost:\(server.port("proxy"))"
    let through = ["https_proxy": proxy, "no_proxy": ""]
    let good = try server.pull(server.address("files"), environment: through)
    #expect(good.status == 0, "\(good.errors)")
    #expect(try server.requests()[0] == "CONNECT localhost:\(server.port("good"))")
    let other = "https://refused.example:\(server.port("good"))/files/a-00000000.pth"
    let kept = ["net.safetensors"]
    expect(try server.pull(other, environment: through), 4, "does not pass", keeps: kept)
    let elsewhere = "https://a.example:\(server.port("good"))/files/a-00000000.pth"
    expect(try server.pull(elsewhere, environment: through), 5, "another host", keeps: kept)
    expect(
      try server.pull(elsewhere, environment: ["https_proxy": "socks5://p:1", "no_proxy": ""]), 2,
      "Only proxies of the kind http://", keeps: kept)
  }
}
