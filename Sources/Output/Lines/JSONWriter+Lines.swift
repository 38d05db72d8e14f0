internal import Media
internal import Foundation
internal import Pipeline

extension JSONWriter {
  /// Writes the first line.
  mutating func write(_ run: RunDescription) {
    beginObject()
    field("type", "run")
    field("schema", "stream-detect/1")
    field("tool", run.tool)
    field("run_id", run.runID)
    field("started", timestamp(secondsSince1970: run.started))
    key("model")
    beginObject()
    field("name", run.model.name)
    field("sha256", run.model.sha256)
    field("input", [run.model.inputWidth, run.model.inputHeight])
    field("labels", max(run.model.labels.count - 1, 0))
    key("classes")
    beginArray()
    for label in run.model.labels.dropFirst() { string(label) }
    endArray()
    endObject()
    key("backend")
    beginObject()
    field("simd", run.simd)
    field("precision", run.precision)
    field("threads", run.threads)
    endObject()
    key("options")
    beginObject()
    for option in run.options { write(option.value, named: option.name) }
    endObject()
    endObject()
  }

  private mutating func write(_ value: RunDescription.OptionValue, named name: String) {
    switch value {
    case .flag(let flag): field(name, flag)
    case .integer(let integer): field(name, integer)
    case .number(let number): field(name, number, decimals: 6)
    case .integers(let integers): field(name, integers)
    case .text(let text): field(name, text)
    }
  }

  /// Writes the line of a source that was opened.
  mutating func write(_ start: SourceStart) {
    let info = start.info
    beginObject()
    field("type", "source")
    field("source", start.source)
    field("uri", start.uri)
    field("kind", info.kind.rawValue)
    field("width", info.width)
    field("height", info.height)
    field("rotation", info.rotation)
    field("codec", info.codec)
    field("pix_fmt", info.pixelFormat)
    field("time_base", [info.timeBase.numerator, info.timeBase.denominator])
    key("avg_fps")
    if let rate = info.averageFrameRate {
      beginArray()
      integer(rate.numerator)
      integer(rate.denominator)
      endArray()
    } else {
      null()
    }
    if let date = start.start {
      field("start", timestamp(secondsSince1970: date.timeIntervalSince1970))
    }
    if let tiles = start.tiles { field("tiles", tiles) }
    endObject()
  }

  /// Writes the line of a live source that was lost or came back.
  mutating func write(_ gap: Gap) {
    beginObject()
    field("type", "gap")
    field("source", gap.source)
    field("state", gap.state.rawValue)
    field("reason", gap.reason?.word)
    field("frame", gap.frame)
    field("wall", timestamp(secondsSince1970: gap.wall.timeIntervalSince1970))
    field("attempt", gap.attempt)
    field("retry_in", gap.retryIn, decimals: 3)
    endObject()
  }

  /// Writes the line of a source that ended.
  mutating func write(_ end: SourceEnd) {
    beginObject()
    field("type", "end")
    field("source", end.source)
    field("status", end.status.rawValue)
    field("reason", end.reason.map { "\($0.word): \($0.sentence)" })
    key("frames")
    beginObject()
    field("decoded", end.counts.decoded)
    field("processed", end.counts.processed)
    field("skipped", end.counts.skipped)
    field("dropped", end.counts.dropped)
    field("failed", end.counts.failed)
    endObject()
    field("objects", end.objects)
    field("reconnects", end.reconnects)
    field("pts_repaired", end.ptsRepaired)
    field("first_t", end.firstT, decimals: 6)
    field("last_t", end.lastT, decimals: 6)
    field("elapsed", end.elapsed, decimals: 3)
    endObject()
  }

  /// Writes the last line.
  mutating func write(_ summary: RunSummary, runID: String, exitCode: Int) {
    beginObject()
    field("type", "summary")
    field("run_id", runID)
    key("sources")
    beginObject()
    field("total", summary.total)
    for status in SourceEnd.Status.allCases { field(status.rawValue, summary[status]) }
    endObject()
    field("exit_code", exitCode)
    endObject()
  }
}
