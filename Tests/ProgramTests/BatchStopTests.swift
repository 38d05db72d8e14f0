import Foundation
import TestSupport
import Testing

@Suite("Batches that are stopped", .serialized, .requires(.media))
struct BatchStopTests {
  @Test(
    "killed again and again, and run to the end, a batch has each source once",
    arguments: [1, 3])
  func kill(shards: Int) throws {
    let place = try BatchPlace((0..<40).map { "\($0).mp4" })
    let reference = try place.base.detect("in")
    var random = SplitMix64(seed: UInt64(shards))
    // Two workers for a shard, who share its sources.
    func start() throws -> [Running] {
      try (0..<max(2, shards)).map { number in
        try Running(
          Program.path,
          ["batch", "in", "-o", "out", "--progress", "none", "--model", TinyModel.detector]
            + ["--shard", "\(number % shards + 1)/\(shards)"], in: place.path)
      }
    }
    for _ in 0..<4 {
      let running = try start()
      let before = (try? place.files().count) ?? 0
      let more = Int.random(in: 1...8, using: &random)
      // Killed after some progress, wherever they are then.
      _ = waitUntil {
        let files = (try? place.files().count) ?? 0
        return files > before + more || running.allSatisfy { !$0.process.isRunning }
      }
      for worker in running { worker.send(SIGKILL) }
      for worker in running { _ = try worker.wait() }
    }
    let running = try start()
    for worker in running { #expect(try worker.wait().status == 0) }
    #expect(try place.frames() == BatchPlace.frames(reference.output))
    let files = try place.files()
    #expect(files.count { $0.hasSuffix(".receipt.json") } == 40)
    #expect(!files.contains { $0.hasSuffix(".partial") }, "\(files)")
    let status = try place.status()
    #expect(status.status == 0 && status.output.contains("40 of 40 sources finished"))
  }

  @Test("sources that are added to a list change nobody's shard")
  func growth() throws {
    let place = try BatchPlace((0..<12).map { "\($0).mp4" })
    let few = (0..<6).map { "in/\($0).mp4" }
    let done = try place.batch(arguments: few + ["--shard", "1/2", "--receipts"]).lines()
    let all = try place.batch("in", "--shard", "1/2", "--receipts").lines()
    let other = try place.batch("in", "--shard", "2/2", "--receipts").lines()
    let names = (done + all + other).compactMap { $0["source"]?.string }
    #expect(names.count == 12 && Set(names).count == 12)
    #expect(try place.status().status == 0)
  }

  @Test("SIGTERM: sources in work are finished or thrown away, exit 7, and a rerun goes on")
  func terminate() throws {
    let place = try BatchPlace((0..<200).map { "\($0).mp4" })
    let running = try Running(
      Program.path,
      ["batch", "in", "-o", "out", "--progress", "none", "--model", TinyModel.detector],
      in: place.path)
    try running.waitUntil { (try? place.files().contains { $0.hasSuffix(".json") }) == true }
    running.send(SIGTERM)
    let outcome = try running.wait()
    #expect(outcome.status == 7, "\(outcome.errors)")
    let files = try place.files()
    #expect(!files.contains { $0.hasSuffix(".partial") })
    #expect(
      files.count { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }
        == files.count { $0.hasSuffix(".receipt.json") })
    #expect(try place.status().status == 7)
  }

  @Test("SIGTERM while standard output takes nothing: exit 7 when the grace period is over")
  func blocked() throws {
    let place = try BatchPlace((0..<400).map { "\($0).mp4" })
    // A pipe holds 64 KiB: less than the receipts of all.
    let outcome = try Program.shell(
      """
      mkfifo pipe; sleep 300 < pipe & reader=$!
      "$PROGRAM" batch in -o out --receipts --limit 1 --grace 1s --progress none \
        --model '\(TinyModel.detector)' > pipe & program=$!
      before=-1
      while now=$(ls out/in 2> /dev/null | wc -l); [ $now -lt 100 ] || [ $now -ne $before ]; do
        before=$now; sleep 0.5
      done
      kill -TERM $program; wait $program; status=$?
      kill $reader; exit $status
      """, in: place.path)
    #expect(outcome.status == 7, "\(outcome.errors)")
    let rest = try place.batch("in", "--limit", "1")
    #expect(rest.status == 0, "\(rest.errors)")
  }

  @Test("a full disk is exit 6; with room again, only what is missing is done")
  func full() throws {
    let place = try BatchPlace(["a.mp4", "b.mp4"])
    let only = try place.batch("in/a.mp4")
    #expect(only.status == 0)
    let before = try place.stamps()["in/a.mp4.jsonl"]
    let full = try Program.shell(
      "ulimit -f 1; \"$PROGRAM\" batch in -o out --progress none --model '\(TinyModel.detector)'",
      in: place.path)
    #expect(full.status == 6, "\(full.errors)")
    #expect(!(try place.files().contains { $0.hasSuffix(".partial") }))
    let rest = try place.batch("in", "--receipts")
    #expect(try rest.status == 0 && rest.lines().map { $0["source"]?.string } == ["in/b.mp4"])
    #expect(try place.stamps()["in/a.mp4.jsonl"] == before)
  }
}
