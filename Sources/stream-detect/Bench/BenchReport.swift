internal import Layers
internal import Support

/// What `bench` measured, as text or as JSON.
struct BenchReport {
  /// What was measured.
  var network: String
  /// Size of its input.
  var input: Shape
  /// Instruction set of the kernels.
  var simd: String
  /// Precision of the arithmetic.
  var precision: String
  /// Threads of the throughput figure, and how many share a run.
  var threads: Int
  var frameThreads: Int
  /// The network on one core, or on those of the threads that share a run; the layers always on one.
  var timings: LayerTimings
  /// Measured peak of one core in this precision, in operations a second; `nil` where it and the layers were not asked for.
  var peak: Double?
  /// Images a second with all workers.
  var throughput: Double
  /// A run over a source, stage by stage.
  var pipeline: PipelineReport?

  /// The report for a person.
  func text() -> String {
    let gflops = rate(timings.operations, timings.whole.median)
    let share = peak.map { peak in
      ", \(percent(gflops * 1e9 / peak)) of the measured \(precision.uppercased()) "
        + "peak (\(decimals(peak / 1e9, 1)))"
    }
    var lines = [
      "\(network), input \(input.width) x \(input.height), \(precision), \(simd)",
      "",
      "\(frameThreads == 1 ? "one core " : "\(frameThreads) threads")  \(milliseconds(timings.whole.median)) ms median, "
        + "\(milliseconds(timings.whole.percentile95)) ms p95, \(decimals(gflops, 1)) GFLOP/s"
        + (share ?? ""),
      "\(threads) worker\(threads == 1 ? " " : "s")  \(decimals(throughput, 1)) images/s",
    ]
    if let peak { lines += [""] + layerTable(peak) }
    if let pipeline { lines += [""] + pipeline.text() }
    return lines.joined(separator: "\n")
  }

  private func layerTable(_ peak: Double) -> [String] {
    let total = timings.layers.reduce(0) { $0 + $1.seconds } + timings.tensors
    let head = ["layer", "operator", "output", "ms", "share", "GFLOP/s", "of peak"]
    let rows = timings.layers.map { layer in
      let speed = rate(layer.operations, layer.seconds)
      return [
        layer.node.name, layer.node.operation.summary, layer.node.output.shape.description,
        milliseconds(layer.seconds), percent(layer.seconds / total),
        layer.operations > 0 ? decimals(speed, 1) : "-",
        layer.operations > 0 ? percent(speed * 1e9 / peak) : "-",
      ]
    }
    let tensors = [
      "tensors", "", "", milliseconds(timings.tensors), percent(timings.tensors / total), "-", "-",
    ]
    let sum = ["sum", "", "", milliseconds(total), "", "", ""]
    return aligned(
      [head] + rows + (timings.tensors > 0 ? [tensors] : []) + [sum], leftColumns: 2)
  }

  /// The report for a program.
  func json() -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "bench")
    json.field("network", network)
    json.field("input", [input.width, input.height])
    json.field("simd", simd)
    json.field("precision", precision)
    if let peak { json.field("peak_gflops", peak / 1e9, decimals: 3) }
    json.field("runs", timings.whole.count)
    json.field("median_ms", timings.whole.median * 1e3, decimals: 4)
    json.field("p95_ms", timings.whole.percentile95 * 1e3, decimals: 4)
    json.field("min_ms", timings.whole.minimum * 1e3, decimals: 4)
    json.field("gflops", rate(timings.operations, timings.whole.median), decimals: 3)
    if let peak {
      json.field("peak_share", timings.operations / timings.whole.median / peak, decimals: 4)
    }
    json.field("threads", threads)
    json.field("threads_per_frame", frameThreads)
    json.field("images_per_second", throughput, decimals: 3)
    if let peak {
      json.key("layers")
      json.beginArray()
      for layer in timings.layers { write(layer, peak, to: &json) }
      json.endArray()
    }
    if timings.tensors > 0 { json.field("tensors_ms", timings.tensors * 1e3, decimals: 5) }
    if let pipeline { pipeline.write(to: &json) }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func write(_ layer: LayerTimings.Layer, _ peak: Double, to json: inout JSONWriter) {
    json.beginObject()
    json.field("name", layer.node.name)
    json.field("operator", layer.node.operation.summary)
    let shape = layer.node.output.shape
    json.field("output", [shape.height, shape.width, shape.channels])
    json.field("ms", layer.seconds * 1e3, decimals: 5)
    json.field("mflop", layer.operations / 1e6, decimals: 4)
    json.field("map_numbers", layer.mapNumbers)
    json.field("parameters", layer.node.parameters)
    json.field("gflops", rate(layer.operations, layer.seconds), decimals: 3)
    json.field("peak_share", layer.operations / layer.seconds / peak, decimals: 4)
    json.endObject()
  }
}

/// GFLOP/s.
private func rate(_ operations: Double, _ seconds: Double) -> Double { operations / seconds / 1e9 }
