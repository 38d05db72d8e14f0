import Foundation
import TestSupport
import Testing

@Suite("models pull that is stopped, or has no room", .serialized, .requires(.secureServer))
struct PullStopTests {
  let server: LyingServer

  init() throws { server = try LyingServer() }

  private func start(_ address: String, _ arguments: String...) throws -> Running {
    try Running(
      Program.path, ["models", "pull", address] + arguments, in: server.place.path, input: nil,
      environment: server.environment)
  }

  /// The part of a file that is there.
  private func partSize() throws -> Int {
    let place = server.place.path + "/models/"
    guard let part = server.files.first(where: { $0.hasSuffix(".pth") }) else { return 0 }
    return try FileManager.default.attributesOfItem(atPath: place + part)[.size] as? Int ?? 0
  }

  @Test("an interrupt keeps what has arrived, and no model; the next pull goes on there")
  func interrupted() throws {
    let running = try start(server.address("slow"))
    try running.waitUntil { try partSize() > 500_000 }
    #expect(!server.files.contains { $0.hasSuffix(".safetensors") })
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("what has arrived is kept"), "\(outcome.errors)")
    let size = try partSize()
    #expect(size > 500_000 && size < server.size)
    let list = try Program.run(
      ["models", "list"], in: server.place.path, environment: server.environment)
    #expect(list.status == 0 && list.output.split(separator: "\n").count == 1)
    let next = try server.pull(server.address("slow"))
    #expect(next.status == 0, "\(next.errors)")
    #expect(try server.requests().last?.hasSuffix("bytes=\(size)- \"v1\"") == true)
    #expect(server.files == ["net.safetensors"])
  }

  @Test("of two pulls of one file the second is refused, and the first not disturbed")
  func two() throws {
    let address = server.address("slow-always")
    let first = try start(address)
    try first.waitUntil { try partSize() > 100_000 }
    let second = try server.pull(address, "--name", "other")
    #expect(second.status == 2, "\(second.errors)")
    #expect(second.errors.contains("Another process is downloading this file."))
    #expect(try first.wait().status == 0)
    #expect(server.files == ["net.safetensors"])
  }

  @Test("a model folder that can't be written is exit 6, with what to do")
  func unwritable() throws {
    try server.place.write("a file", to: "file")
    let blocked = try server.pull(
      server.address("files"),
      environment: ["STREAM_DETECT_MODELS": server.place.path + "/file/models"])
    #expect(blocked.status == 6, "\(blocked.errors)")
    #expect(blocked.errors.contains("Not a directory. Make the folder writable, or set STREAM_"))
    // A limit on the size of files is met as a full disk is: in the middle of the download.
    let variables = server.environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    let full = try Program.shell(
      "ulimit -f 1000; env \(variables) $PROGRAM models pull \(server.address("files"))",
      in: server.place.path)
    #expect(full.status == 6, "\(full.errors)")
    #expect(full.errors.split(separator: "\n").count == 1 && full.errors.contains("File too large"))
    #expect(!server.files.contains { $0.hasSuffix(".safetensors") })
    #expect(try partSize() <= 1000 * 1024)
    #expect(try server.pull(server.address("files")).status == 0)
  }

  @Test("weights that can't be imported are kept for another attempt")
  func notImportable() throws {
    let address = "https://localhost:\(server.port("good"))/files/text.pth"
    let outcome = try server.pull(address, "--sha256", server.textHash)
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(outcome.errors.contains("The kind of the file is unknown."))
    #expect(server.files.map { $0.split(separator: "/").last } == [".note.json", "text.pth"])
    #expect(try server.pull(address, "--sha256", server.textHash).status == 5)
    #expect(try server.requests().count == 1)
  }
}
