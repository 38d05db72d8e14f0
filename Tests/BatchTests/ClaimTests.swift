import Foundation
import Pipeline
import Support
import TestSupport
import Testing

@testable import Batch

struct ClaimTests {
  @Test("a source that one worker has is refused to others until it lets go")
  func exclusive() throws {
    let batch = try Batches()
    let item = try batch.item()
    let claim = try ResultClaim(item, in: batch.store)
    #expect(throws: FileError.self) { try ResultClaim(item, in: batch.store) }
    claim.discard()
    #expect(batch.files().isEmpty)
    try batch.finish(item)
  }

  @Test("what a killed worker has left is removed by the next one, what a live one writes is not")
  func leftovers() throws {
    let batch = try Batches()
    let (item, other) = (try batch.item(), try batch.item("b.mp4"))
    try batch.folder.add("out/a.mp4.jsonl.abcdefghijkl.partial", "{\"type\":\"run\"}\n")
    let live = try ResultClaim(other, in: batch.store)
    try live.write(Array("{}\n".utf8))
    try batch.finish(item)
    #expect(batch.files().count { $0.hasSuffix(".partial") } == 1)
    #expect(batch.files().contains { $0.hasPrefix("b.mp4.jsonl.") })
    live.discard()
  }

  @Test("a killed worker's result without a receipt is replaced")
  func noReceipt() throws {
    let batch = try Batches()
    let item = try batch.item()
    try batch.folder.add("out/a.mp4.jsonl", "{\"type\":\"run\"}\n{\"type\":\"sou")
    #expect(try batch.finish(item) != nil)
    #expect(batch.store.standing(waitingFor: item).word == "done")
  }

  @Test("where locks don't work, the first of two workers stays", arguments: [true, false])
  func race(hasReceipt: Bool) throws {
    let batch = try Batches()
    let item = try batch.item()
    let claim = try ResultClaim(item, in: batch.store)
    try claim.write(Array("{\"type\":\"run\"}\n".utf8))
    // The other worker published meanwhile.
    let theirs = "{\"type\":\"run\",\"run_id\":\"other\"}\n"
    try batch.folder.add("out/a.mp4.jsonl", theirs)
    if hasReceipt { try batch.folder.add("out/a.mp4.receipt.json", "{}") }
    #expect(try claim.publish(batch.receipt(item), withLines: true) == nil)
    #expect(try String(contentsOfFile: batch.store.linesPath(of: item), encoding: .utf8) == theirs)
    #expect(batch.files().allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test("a file that is no result is never replaced")
  func foreign() throws {
    let batch = try Batches()
    let item = try batch.item()
    try batch.folder.add("out/a.mp4.jsonl", "my notes")
    #expect(throws: SinkError.self) { try ResultClaim(item, in: batch.store) }
    #expect(batch.files() == ["a.mp4.jsonl"])
  }

  @Test("a published file stays claimed, and a name that is taken is not replaced")
  func publish() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x"
    let first = try PartialFile(path)
    try first.write([1])
    #expect(try first.publish())
    #expect(throws: FileError.self) { try PartialFile(path) }
    first.discard()
    let second = try PartialFile(path)
    try second.write([2])
    #expect(try !second.publish())
    second.discard()
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([1]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x"])
  }

  @Test("work is shared out once: done, in use, failed and free sources are told apart")
  func admission() throws {
    let batch = try Batches()
    let items = try ["done", "used", "bad", "free"].map { try batch.item($0) }
    try batch.finish(items[0])
    try batch.finish(items[2], .failed)
    let other = try ResultClaim(items[1], in: batch.store)
    let work = BatchWork(items, in: batch.store, retriesFailed: false)
    #expect(items.map { work.admits($0.id) } == [false, false, false, true])
    #expect(!work.admits("unknown"))
    #expect(work.tally.elsewhere == 2)
    var inUse = work.takeInUse()
    #expect(inUse.map(\.id) == ["used"] && work.takeInUse().isEmpty)
    #expect(work.free(among: &inUse).isEmpty && inUse.count == 1)
    other.discard()
    #expect(work.free(among: &inUse).map(\.id) == ["used"] && inUse.isEmpty)
    work.end()
    #expect(!work.admits("used"))
    work.discardOpen()
    #expect(batch.files().allSatisfy { !$0.hasSuffix(".partial") })
    let again = BatchWork(items, in: batch.store, retriesFailed: true)
    #expect(again.admits("bad"))
    again.discardOpen()
  }

  @Test("status counts what the receipts say, of a list that one of the workers has left")
  func status() throws {
    let batch = try Batches()
    let items = try (0..<4).map { try batch.item("\($0).mp4") }
    #expect(throws: BatchError.self) { try BatchStatus(in: batch.store.root) }
    try BatchPlan(items, store: batch.store).write()
    try batch.finish(items[0])
    try batch.finish(items[2], .failed)
    let status = try BatchStatus(in: batch.store.root)
    #expect(status.total == 4 && status.complete == 1 && status.left == 2)
    #expect(status.faults.map(\.source) == ["2.mp4"] && status.objects == ["dog": 4])
    #expect(status.recent.count == 2 && (status.timeLeft ?? 0) > 0)
    let later = try BatchStatus(in: batch.store.root, now: Date(timeIntervalSinceNow: 5000))
    #expect(later.rate == nil)
  }
}
