import Annotations
import Foundation
import Pipeline
import TestSupport

@testable import Batch

/// A folder with sources and results.
struct Batches {
  let folder: TemporaryFolder
  var store: BatchStore

  init() throws {
    folder = try TemporaryFolder()
    store = BatchStore(
      root: folder.path + "/out", model: .init(name: "m", sha256: "model-hash"))
  }

  /// A source with a file of these bytes.
  func item(_ id: String = "a.mp4", _ text: String = "video") throws -> BatchItem {
    let path = try folder.add(id, text)
    return BatchItem(
      source: MediaSource(name: id, location: path, kind: .file), place: id,
      options: .init(json: #"{"conf":0.5}"#))
  }

  func receipt(
    _ item: BatchItem, _ status: Receipt.Status = .complete, objects: [String: Int] = ["dog": 2]
  ) -> Receipt {
    Receipt(
      source: item.id, uri: "u", input: InputState(waitingFor: item.source), model: store.model,
      options: item.options, tool: "t", runID: "r", finished: Date(), elapsed: 1.5, status: status,
      reason: status == .failed ? "not_found: It is missing." : nil,
      frames: .init(decoded: 5, processed: 4, skipped: 1, dropped: 0, failed: 0), objects: objects,
      outputs: [])
  }

  /// Does a source: publishes a line and the receipt; `nil` if another worker was faster.
  @discardableResult
  func finish(_ item: BatchItem, _ status: Receipt.Status = .complete) throws -> Receipt? {
    let claim = try ResultClaim(item, in: store)
    try claim.write(Array("{\"type\":\"run\"}\n".utf8))
    return try claim.publish(receipt(item, status), withLines: status != .failed)
  }

  /// The names of all files in the output folder.
  func files() -> [String] {
    let found = FileManager.default.enumerator(atPath: store.root)
    return (found?.allObjects as? [String] ?? []).sorted()
  }
}

extension BatchStore.Standing {
  var word: String {
    switch self {
    case .open: "open"
    case .done: "done"
    case .failed: "failed"
    }
  }
}
