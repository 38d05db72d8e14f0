internal import Annotations
internal import Support

extension RunDigest {
  /// What happened, as one JSON object for programs; of each source at most `top` tracks.
  package func json(top: Int) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.field("schema", "stream-detect-summary/1")
    json.field("run_id", run?.runID)
    json.field("model", run?.model?.name)
    json.key("sources")
    json.beginArray()
    for source in sources { source.write(to: &json, top: top) }
    json.endArray()
    json.key("left_out")
    json.beginObject()
    json.field("sources", leftOut)
    json.field("is_cut", isCut)
    json.field("whole_frame_lines", wholeFrameLines)
    json.field("other_lines", otherLines)
    json.endObject()
    json.endObject()
    json.endLine()
    return json.bytes
  }
}

extension SourceDigest {
  fileprivate func write(to json: inout JSONWriter, top: Int) {
    json.beginObject()
    json.field("source", name)
    json.field("uri", uri)
    json.field("kind", kind)
    if let pictures { json.field("pictures", pictures) }
    json.field("status", ending)
    json.field("reason", reason)
    json.field("first_t", first, decimals: 3)
    json.field("last_t", last, decimals: 3)
    if let wall { json.field("started", Timestamp.text(wall)) }
    json.field("frames", frames)
    json.field("objects", objects)
    json.field("tracks", isTracked ? tracks.count : nil)
    writeClasses(to: &json) { $0 }
    json.key("longest")
    json.beginArray()
    for track in longestTracks(top) {
      json.beginObject()
      json.field("track_id", track.id)
      json.field("label", classes[track.classIndex].label)
      json.field("first_t", track.start, decimals: 3)
      json.field("last_t", track.end, decimals: 3)
      json.field("seconds", track.length, decimals: 3)
      json.field("frames", track.frames)
      json.field("confidence", track.bestConfidence, decimals: 4)
      json.endObject()
    }
    json.endArray()
    json.field("events", events.count)
    writePlaces(to: &json) { $0 }
    json.field("quiet", quietPlaces)
    json.key("gaps")
    json.beginObject()
    json.field("count", gaps.count)
    json.field("seconds", gapSeconds, decimals: 3)
    json.field("losses", losses)
    json.endObject()
    json.endObject()
  }
}
