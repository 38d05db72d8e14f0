internal import Annotations
internal import Batch
internal import Pipeline
internal import StreamDetect
internal import Support

extension BatchVariant {
  /// What decides about the results of a source besides its file and the model, as JSON.
  ///
  /// Threads, time limits and messages have no part in it.
  func recorded(
    _ plan: DetectionRun.Plan, labels: [String], precision: ComputePrecision, part: SourcePart?
  ) -> BatchItem.Options {
    var json = JSONWriter()
    json.beginObject()
    json.key("detect")
    var options = plan.recordedOptions
    options.start = part?.start ?? options.start
    options.end = part?.end ?? options.end
    options.write(to: &json)
    json.field("precision", precision.rawValue)
    json.field("labels_sha256", RunningHash.digits(of: labels.joined(separator: "\n")))
    json.field("events", objects.reportsEvents)
    json.field("frames", !command.zones.eventsOnly)
    if !command.source.open.inputOpt.isEmpty {
      json.field("input_opt", command.source.open.inputOpt.map { "\($0.key)=\($0.value)" })
    }
    let output = command.output
    if output.video != nil {
      json.key("video")
      json.beginObject()
      json.field("codec", output.encoding.videoCodec)
      json.field("crf", output.encoding.crf, decimals: 3)
      json.field("audio", output.encoding.audio == .copy)
      json.field("overlay", output.overlay.parts.rawValue)
      json.endObject()
    }
    json.field("crops", output.crops != nil)
    json.field("snapshots", output.snapshots != nil)
    json.endObject()
    return BatchItem.Options(json: String(decoding: json.bytes, as: UTF8.self))
  }
}
