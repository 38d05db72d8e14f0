internal import Support
package import Pipeline

/// The stages of a run over a source.
package struct PipelineTimings: Sendable {
  /// The source, without secrets.
  package var source: String
  /// The run.
  package var summary: RunSummary

  /// The stages' times, in the order in which frames pass through them.
  package var stages: [(name: String, timing: StageTiming)] {
    let timings = summary.timings
    return [
      ("decode", timings.decode), ("scale", timings.scale), ("inference", timings.inference),
      ("postprocess", timings.postprocess), ("output", timings.output),
    ]
  }

  /// Frames processed per second of the whole run.
  package var framesPerSecond: Double { Double(summary.counts.processed) / summary.elapsed }

  /// Adds the key `pipeline` to an object.
  func write(to json: inout JSONWriter) {
    json.key("pipeline")
    json.beginObject()
    json.field("source", source)
    json.field("frames", summary.counts.processed)
    json.field("elapsed", summary.elapsed, decimals: 4)
    json.field("fps", framesPerSecond, decimals: 3)
    json.key("stages")
    json.beginArray()
    for (name, timing) in stages {
      json.beginObject()
      json.field("name", name)
      json.field("frames", timing.count)
      json.field("mean_ms", timing.mean / .milliseconds(1), decimals: 4)
      json.field("max_ms", timing.maximum / .milliseconds(1), decimals: 4)
      json.field("total_ms", timing.total / .milliseconds(1), decimals: 3)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
