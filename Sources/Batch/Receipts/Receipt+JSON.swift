internal import Annotations
package import Foundation
internal import Support

extension Receipt {
  private enum Key: String, CodingKey {
    case type, schema, source, uri, input, model, options, tool, finished, elapsed, status, reason
    case frames, objects, outputs
    case optionsHash = "options_sha256"
    case runID = "run_id"
  }

  private enum PartKey: String, CodingKey {
    case size, modified, name, sha256, decoded, processed, skipped, dropped, failed, kind, path
    case bytes, files
  }

  /// The name of the form, in every receipt.
  package static let schemaName = "stream-detect-receipt/1"

  /// The receipt as one line of JSON.
  package var line: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.field(Key.type.rawValue, "receipt")
    json.field(Key.schema.rawValue, Self.schemaName)
    json.field(Key.source.rawValue, source)
    json.field(Key.uri.rawValue, uri)
    json.key(Key.input.rawValue)
    if let input {
      json.beginObject()
      json.field(PartKey.size.rawValue, input.size)
      json.field(PartKey.modified.rawValue, input.modified)
      json.endObject()
    } else {
      json.null()
    }
    json.key(Key.model.rawValue)
    json.beginObject()
    json.field(PartKey.name.rawValue, model.name)
    json.field(PartKey.sha256.rawValue, model.sha256)
    json.endObject()
    json.field(Key.optionsHash.rawValue, options.hash)
    json.key(Key.options.rawValue)
    json.json(options.json.utf8)
    json.field(Key.tool.rawValue, tool)
    json.field(Key.runID.rawValue, runID)
    json.field(Key.finished.rawValue, Timestamp.text(finished))
    json.field(Key.elapsed.rawValue, elapsed, decimals: 3)
    json.field(Key.status.rawValue, status.rawValue)
    json.field(Key.reason.rawValue, reason)
    writeCounts(to: &json)
    writeOutputs(to: &json)
    json.endObject()
    json.endLine()
    return json.bytes
  }

  private func writeCounts(to json: inout JSONWriter) {
    json.key(Key.frames.rawValue)
    json.beginObject()
    json.field(PartKey.decoded.rawValue, frames.decoded)
    json.field(PartKey.processed.rawValue, frames.processed)
    json.field(PartKey.skipped.rawValue, frames.skipped)
    json.field(PartKey.dropped.rawValue, frames.dropped)
    json.field(PartKey.failed.rawValue, frames.failed)
    json.endObject()
    json.key(Key.objects.rawValue)
    json.beginObject()
    for (label, count) in objects.sorted(by: { $0.key < $1.key }) { json.field(label, count) }
    json.endObject()
  }

  private func writeOutputs(to json: inout JSONWriter) {
    json.key(Key.outputs.rawValue)
    json.beginArray()
    for output in outputs {
      json.beginObject()
      json.field(PartKey.kind.rawValue, output.kind.rawValue)
      json.field(PartKey.path.rawValue, output.path)
      json.field(PartKey.bytes.rawValue, output.bytes)
      if let files = output.files { json.field(PartKey.files.rawValue, files) }
      if let sha256 = output.sha256 { json.field(PartKey.sha256.rawValue, sha256) }
      json.endObject()
    }
    json.endArray()
  }
}

/// What a receipt says, as far as it decides whether a source is done, and for counting.
///
/// Other than `Receipt` it can be read: the options are there only as their hash.
package struct ReadReceipt: Sendable {
  /// The id of the source.
  package let source: String
  /// The version of its file.
  package let input: InputState?
  /// SHA-256 of the model's file.
  package let modelHash: String
  /// SHA-256 of the options.
  package let optionsHash: String
  /// When the source ended.
  package let finished: Date?
  /// Seconds that it took.
  package let elapsed: Double
  /// How it ended.
  package let status: Receipt.Status
  /// Why it isn't complete.
  package let reason: String?
  /// Frames with a result.
  package let processed: Int
  /// Objects by their labels.
  package let objects: [String: Int]
  /// What was written.
  package let outputs: [Receipt.Output]

  /// Reads a receipt; `nil` if it is none, or was cut off by a crash.
  package init?(_ bytes: [UInt8]) {
    guard let read = try? JSONDecoder().decode(Form.self, from: Data(bytes)),
      read.schema == Receipt.schemaName, let status = Receipt.Status(rawValue: read.status)
    else { return nil }
    source = read.source
    input = read.input.map { InputState(size: $0.size, modified: $0.modified) }
    modelHash = read.model.sha256
    optionsHash = read.options_sha256
    finished = Timestamp.date(read.finished)
    elapsed = read.elapsed
    self.status = status
    reason = read.reason
    processed = read.frames.processed
    objects = read.objects
    var outputs: [Receipt.Output] = []
    for output in read.outputs {
      guard let kind = Receipt.Output.Kind(rawValue: output.kind) else { return nil }
      outputs.append(
        Receipt.Output(
          kind: kind, path: output.path, bytes: output.bytes, files: output.files,
          sha256: output.sha256))
    }
    self.outputs = outputs
  }

  private struct Form: Decodable {
    struct Input: Decodable {
      var size: Int
      var modified: Int
    }
    struct Model: Decodable { var sha256: String }
    struct Frames: Decodable { var processed: Int }
    struct Output: Decodable {
      var kind: String
      var path: String
      var bytes: Int
      var files: Int?
      var sha256: String?
    }

    var schema: String
    var source: String
    var input: Input?
    var model: Model
    var options_sha256: String
    var finished: String
    var elapsed: Double
    var status: String
    var reason: String?
    var frames: Frames
    var objects: [String: Int]
    var outputs: [Output]
  }
}
