import Testing

@testable import Batch

struct ShardTests {
  private let ids = (0..<2000).map { "clips/\($0).mp4" }

  @Test("every source is in exactly one shard, and no shard has much more than others")
  func partition() {
    for count in [1, 3, 7, 64] {
      let shards = (0..<count).map { Shard(index: $0, count: count) }
      for id in ids { #expect(shards.count { $0.contains(id) } == 1) }
      let sizes = shards.map { shard in ids.count { shard.contains($0) } }
      #expect(sizes.allSatisfy { $0 > ids.count / count / 2 && $0 < ids.count * 2 / count })
    }
  }

  @Test("the shard is the documented function of the id alone")
  func hash() {
    // int.from_bytes(hashlib.sha256(b"a.mp4").digest()[:8], "big") in Python
    #expect(Shard.hash(of: "a.mp4") == 0xE6D48EABD560BC60)
    #expect(Shard.hash(of: "é.mp4") == 0x85C91954DDB07E55)
  }

  @Test("shards are written from 1")
  func text() throws {
    #expect(try Shard("2/7") == Shard(index: 1, count: 7))
    #expect(try Shard("7/7")?.description == "7/7")
    for text in ["0/3", "4/3", "1/0"] {
      #expect(throws: BatchError.self, "\(text)") { try Shard(text) }
    }
    for text in ["", "3", "a/b", "1/2/3", "-1/3", "1/", "1/9999999"] {
      #expect(try Shard(text) == nil, "\(text)")
    }
  }

  @Test(
    "clusters tell the shard in their environment",
    arguments: [
      (["SLURM_ARRAY_TASK_ID": "3", "_COUNT": "7", "_MIN": "1", "_MAX": "7"], nil, 2, 7),
      (
        ["SLURM_ARRAY_TASK_ID": "10", "_COUNT": "3", "_MIN": "0", "_MAX": "10", "_STEP": "5"],
        nil, 2, 3
      ),
      (["SLURM_ARRAY_TASK_ID": "5"], 7, 5, 7), (["SLURM_ARRAY_TASK_ID": "7"], 7, 0, 7),
      (["JOB_COMPLETION_INDEX": "0"], 4, 0, 4),
      (["AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "2"], nil, 1, 2),
      (["CLOUD_RUN_TASK_INDEX": "9", "CLOUD_RUN_TASK_COUNT": "10"], nil, 9, 10),
    ] as [([String: String], Int?, Int, Int)])
  func environment(found: [String: String], count: Int?, index: Int, total: Int) throws {
    #expect(
      try ShardEnvironment.shard(count: count, in: full(found))
        == Shard(index: index, count: total))
  }

  @Test(
    "an environment that doesn't tell the shard is an error with a remedy",
    arguments: [
      [:], ["JOB_COMPLETION_INDEX": "2"], ["JOB_COMPLETION_INDEX": "x"],
      ["CLOUD_RUN_TASK_INDEX": "3", "CLOUD_RUN_TASK_COUNT": "3"],
      // A part of an array that is submitted again: its two tasks aren't the halves of the batch.
      ["SLURM_ARRAY_TASK_ID": "5", "_COUNT": "2", "_MIN": "3", "_MAX": "5", "_STEP": "1"],
      ["SLURM_ARRAY_TASK_ID": "1"],
    ] as [[String: String]])
  func badEnvironment(found: [String: String]) {
    #expect(throws: BatchError.self) {
      try ShardEnvironment.shard(count: nil, in: full(found))
    }
  }

  /// `_COUNT` and the like stand for Slurm's.
  private func full(_ short: [String: String]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: short.map { name, value in
        (name.hasPrefix("_") ? "SLURM_ARRAY_TASK" + name : name, value)
      })
  }
}
