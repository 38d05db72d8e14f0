/// Channels at equal distances in an input, and where they go in the output.
struct ChannelRun: Hashable {
  /// The index of the input.
  var input: Int
  /// The first channel of the input, and the distance to the next.
  var from: Int
  var fromStep: Int
  /// The first channel of the output, and the distance to the next.
  var to: Int
  var toStep: Int
  var count: Int

  /// The fewest runs, found greedily, that put the channels `order` of inputs of so many channels
  /// in that order.
  ///
  /// `order` counts the channels of all inputs, one after the other. Each input is gone through by
  /// itself, so that the channels of two groups that alternate are two runs.
  static func runs(_ order: [Int], inputs: [Int]) -> [ChannelRun] {
    var runs: [ChannelRun] = []
    var first = 0
    for (input, count) in inputs.enumerated() {
      let places = order.indices.filter { (first..<first + count).contains(order[$0]) }
      runs += Self.runs(places.map { (from: order[$0] - first, to: $0) }, input)
      first += count
    }
    return runs
  }

  /// Whether these are two runs of equal length that fill the output in turn, as a channel shuffle
  /// of two groups does.
  static func alternate(_ runs: [ChannelRun]) -> Bool {
    runs.count == 2 && runs[0].count == runs[1].count && runs[0].to == 0 && runs[1].to == 1
      && runs.allSatisfy { $0.fromStep == 1 && $0.toStep == 2 }
  }

  private static func runs(_ moves: [(from: Int, to: Int)], _ input: Int) -> [ChannelRun] {
    var runs: [ChannelRun] = []
    var open: ChannelRun?
    for move in moves {
      if var run = open {
        if run.count == 1 { (run.fromStep, run.toStep) = (move.from - run.from, move.to - run.to) }
        if run.from + run.count * run.fromStep == move.from,
          run.to + run.count * run.toStep == move.to
        {
          run.count += 1
          open = run
          continue
        }
        runs.append(run)
      }
      open = ChannelRun(
        input: input, from: move.from, fromStep: 1, to: move.to, toStep: 1, count: 1)
    }
    return runs + [open].compactMap(\.self)
  }
}
