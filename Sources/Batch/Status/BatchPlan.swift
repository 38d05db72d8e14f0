internal import Foundation
internal import Output
internal import Pipeline
internal import Support

/// The list of a batch, which its workers leave in the output folder for `batch status`.
package struct BatchPlan: Sendable {
  /// A source of the list.
  package struct Entry: Sendable {
    /// The id.
    package let id: String
    /// Where its results are.
    package let place: String
    /// SHA-256 of its options.
    package let optionsHash: String
  }

  /// SHA-256 of the model's file.
  package let modelHash: String
  /// The folders of pictures.
  package let folders: [Receipt.Output.Kind: String]
  /// All sources, whatever the shard.
  package let entries: [Entry]
  private let root: String

  /// Reads the plan in the folder `root`.
  ///
  /// - Throws: `BatchError` if there is none.
  package init(in root: String) throws(BatchError) {
    func failure(_ message: String) -> BatchError {
      BatchError(
        root, message, "Name the --out-dir of a batch, or run 'stream-detect batch' first.")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileBytes.read(Self.path(in: root))
    } catch {
      throw failure(
        error.code == ENOENT
          ? "No batch has been run in this folder." : "Its plan can't be read: \(error.reason).")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    guard let first = lines.first, let head = try? decoder.decode(Head.self, from: Data(first)),
      head.schema == Self.schemaName
    else { throw failure("Its plan is damaged or of another version.") }
    var entries: [Entry] = []
    for line in lines.dropFirst() {
      guard let texts = try? decoder.decode([String].self, from: Data(line)), texts.count == 3
      else { throw failure("Its plan is damaged or of another version.") }
      entries.append(Entry(id: texts[0], place: texts[1], optionsHash: texts[2]))
    }
    self.root = root
    self.entries = entries
    modelHash = head.model_sha256
    folders = Dictionary(
      head.folders.compactMap { name, path in
        Receipt.Output.Kind(rawValue: name).map { ($0, path) }
      }
    ) { first, _ in first }
  }

  private struct Head: Decodable {
    var schema: String
    var model_sha256: String
    var folders: [String: String]
  }

  /// The plan for some sources.
  package init(_ items: [BatchItem], store: BatchStore) {
    root = store.root
    modelHash = store.model.sha256
    folders = store.folders
    entries = items.map { Entry(id: $0.id, place: $0.place, optionsHash: $0.options.hash) }
  }

  private static func path(in root: String) -> String { PathText.join(root, ".batch/plan.jsonl") }

  private static let schemaName = "stream-detect-plan/1"

  /// Writes it, unless it is there already.
  ///
  /// - Throws: `SinkError` if the folder can't be written to.
  package func write() throws {
    var json = JSONWriter()
    json.beginObject()
    json.field("schema", Self.schemaName)
    json.field("model_sha256", modelHash)
    json.field("sources", entries.count)
    json.key("folders")
    json.beginObject()
    for (kind, path) in folders.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      json.field(kind.rawValue, path)
    }
    json.endObject()
    json.endObject()
    json.endLine()
    for entry in entries {
      json.beginArray()
      for text in [entry.id, entry.place, entry.optionsHash] { json.string(text) }
      json.endArray()
      json.endLine()
    }
    let path = Self.path(in: root)
    let present = try? FileBytes.read(path, most: json.bytes.count)
    let isPresent = present == json.bytes
    if !isPresent { try makeDirectories(PathText.parent(of: path)) }
    do throws(FileError) {
      // Made in any case, because that removes what a killed worker has left of it.
      let file = try AtomicFile(path)
      defer { file.discard() }
      guard !isPresent else { return }
      try file.write(json.bytes)
      try file.finish()
    } catch {
      // Workers with the same list write the same, so one of them is enough.
      if !isPresent, !error.isInUse { throw SinkError(error) }
    }
  }
}
