extension Executor {
  /// Computes the rows `rows` of a chain's output.
  ///
  /// - Precondition: `rows` are all rows, unless the chain is separable.
  func execute(_ chain: Chain, rows: Range<Int>) {
    let (first, last) = (chain.steps.lowerBound, chain.steps.upperBound - 1)
    for step in first..<last { bands[step] = 0..<0 }
    var begin = rows.lowerBound
    while begin < rows.upperBound {
      let end = min(begin + chain.bandRows, rows.upperBound)
      bands[last] = begin..<end
      for step in stride(from: last, to: first, by: -1) {
        let done = bands[step - 1].upperBound
        bands[step - 1] = network.program.steps[step].inputRows(for: bands[step])
        // Rows that the previous band computed are still in the rolling map.
        finished[step - 1] = begin == rows.lowerBound ? bands[step - 1].lowerBound : done
      }
      for step in first..<last {
        let begin = min(max(finished[step], bands[step].lowerBound), bands[step].upperBound)
        roll(network.program.steps[step].output, to: bands[step], keeping: begin)
        if begin < bands[step].upperBound { execute(step, begin..<bands[step].upperBound) }
      }
      execute(last, begin..<end)
      begin = end
    }
  }

  private func execute(_ index: Int, _ rows: Range<Int>) {
    let step = network.program.steps[index]
    guard profile != nil else { return execute(step, rows: rows) }
    let start = ContinuousClock.now
    execute(step, rows: rows)
    profile?[step.node] += ContinuousClock.now - start
  }

  /// Makes room in a rolling map for `rows`, keeping those before `end`, which are already
  /// computed.
  private func roll(_ view: MapView, to rows: Range<Int>, keeping end: Int) {
    guard let rolling = view.rolling else { return }
    let first = firstRows[rolling.index]
    if rows.lowerBound >= first, rows.upperBound - first <= rolling.capacity { return }
    if end > rows.lowerBound {
      let bytes = view.rowBytes
      unsafe memory(view, row: first).copyMemory(
        from: memory(view, row: rows.lowerBound), byteCount: (end - rows.lowerBound) * bytes)
    }
    firstRows[rolling.index] = rows.lowerBound
  }
}
