import Foundation
import TestSupport
import Testing

/// The HTTPS servers of `scripts/lying-server.py`, in a folder of their own.
final class LyingServer {
  let place: Workplace
  private let process = Process()
  private let input = Pipe()
  private let facts: JSONValue

  init() throws {
    let place = try Workplace()
    self.place = place
    try FileManager.default.createDirectory(
      atPath: place.path + "/server", withIntermediateDirectories: true)
    let output = place.path + "/server/facts"
    try place.write("", to: "server/facts")
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", checkout.appending(path: "scripts/lying-server.py").path, place.path + "/server",
    ]
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    try process.run()
    let process = process
    let isUp = try waitUntil { try contents(output).hasSuffix("\n") || !process.isRunning }
    try #require(isUp && process.isRunning, "the server of the test did not start")
    facts = try JSONValue(parsing: try contents(output))
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
  }

  /// A port, by the name of its certificate.
  func port(_ name: String) -> Int { facts[name]?.integer ?? 0 }

  /// The SHA-256 of the weights.
  var sha256: String { facts["sha256"]?.string ?? "" }
  /// The SHA-256 of a file that holds no weights.
  var textHash: String { facts["text"]?.string ?? "" }
  /// The SHA-256 of an archive with the weights in it.
  var archiveHash: String { facts["archive"]?.string ?? "" }
  /// The SHA-256 of an archive with a frozen TensorFlow graph in it.
  var graphHash: String { facts["graph"]?.string ?? "" }
  /// Bytes of the weights.
  var size: Int { facts["size"]?.integer ?? 0 }

  /// The address of the weights, served in a certain way; their name has the hash's first digits.
  func address(_ way: String, _ certificate: String = "good", name: String = "net") -> String {
    "https://localhost:\(port(certificate))/\(way)/\(name)-\(sha256.prefix(8)).pth"
  }

  /// Addresses without a hash in their names.
  func plainAddress(_ way: String, name: String = "net") -> String {
    "https://localhost:\(port("good"))/\(way)/\(name).pth"
  }

  /// What makes the program trust the servers' authority, and where it keeps models.
  var environment: [String: String] {
    [
      "STREAM_DETECT_MODELS": place.path + "/models",
      "SSL_CERT_FILE": facts["authority"]?.string ?? "", "no_proxy": "*",
    ]
  }

  /// Runs `models pull`.
  func pull(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["models", "pull"] + arguments, in: place.path,
      environment: self.environment.merging(environment) { $1 })
  }

  /// The requests so far, one per line: path, range, version.
  func requests() throws -> [Substring] {
    try place.text("server/requests.log").split(separator: "\n")
  }

  /// The files in the model folder.
  var files: [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: place.path + "/models")) ?? []
    return paths.filter { path in
      let facts = try? FileManager.default.attributesOfItem(
        atPath: place.path + "/models/" + path)
      return facts?[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}

extension Requirement {
  /// The programs that an HTTPS server of a test needs.
  static let secureServer = Requirement(
    "secure-server", absence: "python3 or openssl is not installed"
  ) { isInstalled("python3") && isInstalled("openssl") }
}
