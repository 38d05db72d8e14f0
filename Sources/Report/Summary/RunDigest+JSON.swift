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
    writeClasses(to: &json)
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
    writePlaces(to: &json)
    json.key("gaps")
    json.beginObject()
    json.field("count", gaps.count)
    json.field("seconds", gapSeconds, decimals: 3)
    json.field("losses", losses)
    json.endObject()
    json.endObject()
  }

  private func writeClasses(to json: inout JSONWriter) {
    let counts = trackCounts
    json.key("classes")
    json.beginArray()
    for index in classRanks {
      let entry = classes[index]
      json.beginObject()
      json.field("label", entry.label)
      json.field("tracks", isTracked ? counts[index] : nil)
      json.field("objects", entry.objects)
      json.field("frames", entry.frames)
      json.field("at_once", entry.peak)
      json.field("confidence", entry.bestConfidence, decimals: 4)
      json.field("first_t", entry.first, decimals: 3)
      json.field("last_t", entry.last, decimals: 3)
      json.endObject()
    }
    json.endArray()
  }

  private func writePlaces(to json: inout JSONWriter) {
    json.field("events", events.count)
    json.key("lines")
    json.beginArray()
    for crossing in places.crossings {
      json.beginObject()
      json.field("line", crossing.line)
      json.field("label", classes[crossing.classIndex].label)
      json.key("crossings")
      json.beginObject()
      for (direction, count) in crossing.counts.sorted(by: { $0.key < $1.key }) {
        json.field(direction, count)
      }
      json.endObject()
      json.endObject()
    }
    json.endArray()
    json.key("zones")
    json.beginArray()
    for visit in places.visits {
      json.beginObject()
      json.field("zone", visit.zone)
      json.field("label", classes[visit.classIndex].label)
      json.field("entered", visit.entered)
      json.field("left", visit.left)
      json.field("at_once", visit.peak)
      json.field("mean_dwell", visit.meanDwell, decimals: 3)
      json.field("longest_dwell", visit.left > 0 ? visit.longestDwell : nil, decimals: 3)
      json.endObject()
    }
    json.endArray()
  }
}

extension PlaceTallies.Visits {
  /// Seconds that an object was in the zone, on average; `nil` if none has left it.
  package var meanDwell: Double? { left > 0 ? dwell / Double(left) : nil }
}
