import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Batch

struct ReceiptTests {
  @Test("a receipt is read as it was written")
  func roundTrip() throws {
    let batch = try Batches()
    let item = try batch.item("odd \"name\u{10FFE9}.mp4")
    var receipt = batch.receipt(item, .truncated, objects: ["dog": 2, "traffic light": 1])
    receipt.outputs = [
      .init(kind: .crops, path: "c/a", bytes: 7, files: 2),
      .init(kind: .lines, path: "a.jsonl", bytes: 15, sha256: "ab"),
    ]
    let read = try #require(ReadReceipt(receipt.line))
    #expect(read.source == item.id && read.input == receipt.input)
    #expect(read.modelHash == "model-hash" && read.optionsHash == item.options.hash)
    #expect(read.status == .truncated && read.outputs == receipt.outputs)
    #expect(read.objects == receipt.objects && read.processed == 4 && read.elapsed == 1.5)
    for count in 0..<(receipt.line.count - 1) {
      #expect(ReadReceipt(Array(receipt.line[..<count])) == nil, "cut after \(count)")
    }
  }

  @Test("a finished source is done, as long as nothing that its receipt names has changed")
  func standing() throws {
    var batch = try Batches()
    let item = try batch.item()
    func word(_ item: BatchItem, _ batch: Batches) -> String {
      batch.store.standing(waitingFor: item).word
    }
    #expect(word(item, batch) == "open")
    try batch.finish(item)
    #expect(word(item, batch) == "done")
    #expect(batch.files() == ["a.mp4.jsonl", "a.mp4.receipt.json"])

    var other = item
    other.options = .init(json: #"{"conf":0.4}"#)
    #expect(word(other, batch) == "open")
    other = item
    other.source.name = "b.mp4"
    #expect(word(other, batch) == "open")
    let store = batch.store
    batch.store = BatchStore(root: store.root, model: .init(name: "m", sha256: "other"))
    #expect(word(item, batch) == "open")
    batch.store = BatchStore(
      root: store.root, model: store.model, folders: [.video: batch.folder.path + "/v"])
    // The options say whether there are videos; the folder alone changes nothing.
    #expect(word(item, batch) == "done")
    batch.store = store

    // Another file of the same size and name.
    let source = batch.folder.path + "/a.mp4"
    let date = try FileManager.default.attributesOfItem(atPath: source)[.modificationDate]
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: source)
    #expect(word(item, batch) == "open")
    try FileManager.default.removeItem(atPath: source)
    #expect(word(item, batch) == "open")
    _ = try batch.item()
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(date as? Date)], ofItemAtPath: source)
  }

  @Test(
    "an output that was cut, or is missing, and a damaged receipt have the source done again",
    arguments: ["cut", "missing", "damaged", "empty"])
  func damage(_ kind: String) throws {
    let batch = try Batches()
    let item = try batch.item()
    try batch.finish(item)
    let (lines, receipt) = (batch.store.linesPath(of: item), batch.store.receiptPath(of: item))
    switch kind {
    case "cut":
      let file = try #require(FileHandle(forUpdatingAtPath: lines))
      try file.truncate(atOffset: file.seekToEnd() - 1)
    case "missing": try FileManager.default.removeItem(atPath: lines)
    case "damaged": try Data("{\"schema\":".utf8).write(to: URL(filePath: receipt))
    default: try Data().write(to: URL(filePath: receipt))
    }
    #expect(batch.store.standing(waitingFor: item).word == "open")
    #expect(try batch.finish(item) != nil)
    #expect(batch.store.standing(waitingFor: item).word == "done")
  }

  @Test("what failed for good has a receipt and no result")
  func failed() throws {
    let batch = try Batches()
    let item = try batch.item()
    try batch.finish(item)
    // A result of an earlier version of the file mustn't stay beside the receipt.
    #expect(try batch.finish(item, .failed) != nil)
    #expect(batch.files() == ["a.mp4.receipt.json"])
    #expect(batch.store.standing(waitingFor: item).word == "failed")
  }

  @Test("many sources are checked together")
  func many() throws {
    let batch = try Batches()
    let items = try (0..<5).map { try batch.item("\($0).mp4") }
    try batch.finish(items[1])
    try batch.finish(items[3], .failed)
    #expect(
      batch.store.standings(of: items).map(\.word) == ["open", "done", "open", "failed", "open"])
  }
}
