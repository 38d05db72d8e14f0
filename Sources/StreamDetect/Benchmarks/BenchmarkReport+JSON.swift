internal import Support
internal import Layers

extension BenchmarkReport {
  /// The report as one JSON object.
  package func json() -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "bench")
    json.field("network", network)
    json.field("input", [input.width, input.height])
    json.field("simd", isa.rawValue)
    json.field("precision", precision.rawValue)
    if let peak { json.field("peak_gflops", peak / 1e9, decimals: 3) }
    json.field("runs", timings.whole.count)
    json.field("median_ms", timings.whole.median * 1e3, decimals: 4)
    json.field("p95_ms", timings.whole.percentile95 * 1e3, decimals: 4)
    json.field("min_ms", timings.whole.minimum * 1e3, decimals: 4)
    json.field("gflops", operationsPerSecond / 1e9, decimals: 3)
    if let peak {
      json.field("peak_share", operationsPerSecond / peak, decimals: 4)
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
    json.field("operator", layer.node.operation.shortName)
    let shape = layer.node.output.shape
    json.field("output", [shape.height, shape.width, shape.channels])
    json.field("ms", layer.seconds * 1e3, decimals: 5)
    json.field("mflop", layer.operations / 1e6, decimals: 4)
    json.field("map_numbers", layer.mapNumbers)
    json.field("parameters", layer.node.parameters)
    json.field("gflops", layer.operationsPerSecond / 1e9, decimals: 3)
    json.field("peak_share", layer.operationsPerSecond / peak, decimals: 4)
    json.endObject()
  }
}
