/// Which shard a cluster has given to this process, as it says in the environment.
package enum ShardEnvironment {
  /// The shard that Slurm, Kubernetes, AWS Batch or Cloud Run names.
  ///
  /// `count` is the number of shards, for systems that don't tell it (Kubernetes) and for parts of
  /// an array that are submitted again.
  ///
  /// - Throws: `BatchError` if the environment names none.
  package static func shard(
    count: Int?, in environment: [String: String]
  ) throws(BatchError) -> Shard {
    func number(_ name: String) -> Int? { environment[name].flatMap { Shard.number($0) } }
    if environment["SLURM_ARRAY_TASK_ID"] != nil {
      return try slurm(count: count, number)
    }
    for system in systems {
      guard let text = environment[system.index] else { continue }
      let total = count ?? system.count.flatMap { number($0) }
      guard let total else {
        throw failure(
          "\(system.name) doesn't say how many tasks there are.",
          "Say it: --shard auto/N, with N as in \(system.setting).")
      }
      guard let index = number(system.index), total >= 1, index < total else {
        throw failure(
          "\(system.index) is '\(text)', and there are \(total) tasks.",
          "Give --shard auto/N with the number of all tasks.")
      }
      return Shard(index: index, count: total)
    }
    throw failure(
      "The environment names no task of Slurm, Kubernetes, AWS Batch or Cloud Run.",
      "Give --shard 1/N and so on.")
  }

  /// Those that count their tasks from 0 without gaps.
  private static let systems: [(name: String, index: String, count: String?, setting: String)] = [
    ("Kubernetes", "JOB_COMPLETION_INDEX", nil, "the Job's spec.completions"),
    (
      "AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE",
      "the job's arrayProperties.size"
    ),
    ("Cloud Run", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT", "the job's task count"),
  ]

  /// Slurm's arrays may begin anywhere and have steps; of an irregular one (`--array=3,5`) the
  /// numbers don't tell which shards its tasks are.
  private static func slurm(
    count: Int?, _ number: (String) -> Int?
  ) throws(BatchError) -> Shard {
    guard let id = number("SLURM_ARRAY_TASK_ID") else {
      throw failure("SLURM_ARRAY_TASK_ID is not a number.", "Give --shard 1/N and so on.")
    }
    // Any N numbers in a row have N different remainders, wherever they begin.
    if let count { return Shard(index: id % count, count: count) }
    guard let total = number("SLURM_ARRAY_TASK_COUNT"), let first = number("SLURM_ARRAY_TASK_MIN"),
      let last = number("SLURM_ARRAY_TASK_MAX"), total >= 1, (first...max(first, last)).contains(id)
    else {
      throw failure(
        "Slurm doesn't say how many tasks there are.",
        "Give --shard auto/N with the number of all tasks.")
    }
    let step = max(number("SLURM_ARRAY_TASK_STEP") ?? 1, 1)
    guard last - first == (total - 1) * step, (id - first) % step == 0 else {
      throw failure(
        "The array has \(total) tasks from \(first) to \(last), so it is a part of another one.",
        "Give --shard auto/N with the number of tasks that the whole array has.")
    }
    return Shard(index: (id - first) / step, count: total)
  }

  private static func failure(_ message: String, _ remedy: String) -> BatchError {
    BatchError("--shard auto", message, remedy)
  }
}
