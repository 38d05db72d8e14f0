internal import Support
internal import Pipeline

/// The stages of a run over a source.
struct PipelineReport {
  var source: String
  var summary: RunSummary

  private var stages: [(name: String, timing: StageTiming)] {
    let timings = summary.timings
    return [
      ("decode", timings.decode), ("scale", timings.scale), ("inference", timings.inference),
      ("postprocess", timings.postprocess), ("output", timings.output),
    ]
  }

  private var framesPerSecond: Double { Double(summary.counts.processed) / summary.elapsed }

  /// The lines for a person.
  func text() -> [String] {
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
