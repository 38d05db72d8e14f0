import Annotations
import Foundation
import TestSupport
import Testing

/// A temporary folder for one test.
final class Workplace {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Runs `stream-detect` here with the tiny detector.
  func detect(
    _ arguments: String..., input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      arguments + ["--model", TinyModel.detector], in: path, input: input,
      environment: environment)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  func text(_ name: String) throws -> String {
    try contents(path + "/" + name)
  }

  /// What has been written of the file `name`, under its temporary name.
  func unfinished(_ name: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    let partial = names.first { $0.hasPrefix(name + ".") && $0.hasSuffix(".partial") }
    guard let partial else { throw CocoaError(.fileNoSuchFile) }
    return try text(partial)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
  }
}

extension Program.Outcome {
  /// The lines of a kind.
  func lines(_ type: String) throws -> [JSONValue] {
    try lines().filter { $0["type"]?.string == type }
  }

  /// The first end line.
  func end() throws -> JSONValue {
    try #require(try lines("end").first, "no end line; standard error says: \(errors)")
  }
}

/// The frame counts in the end line of a source.
struct Counts: Hashable, CustomStringConvertible {
  var decoded, processed, skipped, dropped, failed: Int

  init(_ end: JSONValue) throws {
    func count(_ name: String) throws -> Int { try #require(end["frames"]?[name]?.integer) }
    decoded = try count("decoded")
    processed = try count("processed")
    skipped = try count("skipped")
    dropped = try count("dropped")
    failed = try count("failed")
  }

  var isBalanced: Bool { decoded == processed + skipped + dropped + failed }

  var description: String {
    "decoded \(decoded), processed \(processed), skipped \(skipped), dropped \(dropped), "
      + "failed \(failed)"
  }
}

/// Checks that every line fits the schema and every source has an end line with balanced counts.
func checkAccount(_ outcome: Program.Outcome) throws {
  let schema = try JSONSchema(Record.jsonSchema)
  let lines = try outcome.lines()
  for line in lines { #expect(schema.faults(in: line).isEmpty, "\(line)") }
  #expect(lines.first?["type"]?.string == "run")
  #expect(lines.last?["type"]?.string == "summary")
  #expect(lines.last?["exit_code"]?.integer == Int(outcome.status))
  for end in lines where end["type"]?.string == "end" {
    let counts = try Counts(end)
    #expect(counts.isBalanced, "\(counts)")
    let frames = lines.filter { $0["type"]?.string == "frame" && $0["source"] == end["source"] }
    #expect(frames.count == counts.processed)
    #expect(end["objects"]?.integer == frames.reduce(0) { $0 + ($1["objects"]?.array?.count ?? 0) })
    let indices = frames.compactMap { $0["frame"]?.integer }
    #expect(indices == indices.sorted() && Set(indices).count == indices.count)
    let times = frames.compactMap { $0["t"]?.number }
    #expect(times == times.sorted())
  }
}
