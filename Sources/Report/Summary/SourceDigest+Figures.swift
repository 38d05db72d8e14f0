internal import Support

extension SourceDigest {
  /// Writes the figures of its classes; names go through `text`.
  func writeClasses(to json: inout JSONWriter, text: (String) -> String) {
    let counts = trackCounts
    json.key("classes")
    json.beginArray()
    for index in classRanks {
      let entry = classes[index]
      json.beginObject()
      json.field("label", text(entry.label))
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

  /// Writes what happened at its lines and in its zones; names go through `text`.
  func writePlaces(to json: inout JSONWriter, text: (String) -> String) {
    json.key("lines")
    json.beginArray()
    for crossing in places.crossings {
      json.beginObject()
      json.field("line", text(crossing.line))
      json.field("label", text(classes[crossing.classIndex].label))
      json.key("crossings")
      json.beginObject()
      for (direction, count) in crossing.counts.sorted(by: { $0.key < $1.key }) {
        json.field(text(direction), count)
      }
      json.endObject()
      json.endObject()
    }
    json.endArray()
    json.key("zones")
    json.beginArray()
    for visit in places.visits {
      json.beginObject()
      json.field("zone", text(visit.zone))
      json.field("label", text(classes[visit.classIndex].label))
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
