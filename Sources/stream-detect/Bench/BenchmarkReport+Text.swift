internal import Layers
internal import Pipeline
internal import StreamDetect

extension BenchmarkReport {
  /// The tables, for a terminal.
  func text() -> String {
    let gflops = operationsPerSecond / 1e9
    let share = peak.map { peak in
      ", \(percent(operationsPerSecond / peak)) of the measured "
        + "\(precision.rawValue.uppercased()) peak (\(decimals(peak / 1e9, 1)))"
    }
    var lines = [
      "\(network), input \(input.width) x \(input.height), \(precision.rawValue), \(isa.rawValue)",
      "",
      "\(frameThreads == 1 ? "one core " : "\(frameThreads) threads")  "
        + "\(milliseconds(timings.whole.median)) ms median, "
        + "\(milliseconds(timings.whole.percentile95)) ms p95, \(decimals(gflops, 1)) GFLOP/s"
        + (share ?? ""),
      "\(threads) worker\(threads == 1 ? " " : "s")  \(decimals(throughput, 1)) images/s",
    ]
    if let peak { lines += [""] + layerTable(peak) }
    if let pipeline { lines += [""] + pipeline.lines() }
    return lines.joined(separator: "\n")
  }

  private func layerTable(_ peak: Double) -> [String] {
    let total = timings.layers.reduce(0) { $0 + $1.seconds } + timings.tensors
    let head = ["layer", "operator", "output", "ms", "share", "GFLOP/s", "of peak"]
    let rows = timings.layers.map { layer in
      let speed = layer.operationsPerSecond
      return [
        layer.node.name, layer.node.operation.shortName, layer.node.output.shape.description,
        milliseconds(layer.seconds), percent(layer.seconds / total),
        layer.operations > 0 ? decimals(speed / 1e9, 1) : "-",
        layer.operations > 0 ? percent(speed / peak) : "-",
      ]
    }
    let tensors = [
      "tensors", "", "", milliseconds(timings.tensors), percent(timings.tensors / total), "-", "-",
    ]
    let sum = ["sum", "", "", milliseconds(total), "", "", ""]
    return aligned(
      [head] + rows + (timings.tensors > 0 ? [tensors] : []) + [sum], leftColumns: 2)
  }
}

extension PipelineTimings {
  /// The table of stages.
  fileprivate func lines() -> [String] {
    let head = ["stage", "frames", "mean ms", "slowest ms", "total s"]
    let rows = stages.map { name, timing in
      [
        name, "\(timing.count)", milliseconds(timing.mean / .seconds(1)),
        milliseconds(timing.maximum / .seconds(1)), decimals(timing.total / .seconds(1), 3),
      ]
    }
    return [
      "\(source): \(summary.counts.processed) frames in \(decimals(summary.elapsed, 3)) s, "
        + "\(decimals(framesPerSecond, 1)) frames/s", "",
    ] + aligned([head] + rows, leftColumns: 1)
  }
}
