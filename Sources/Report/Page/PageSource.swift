internal import Foundation
internal import Support

/// The part of a page's data that is about one source.
struct PageSource {
  private let source: SourceDigest
  private let media: PageMedia
  private let limits: PageLimits
  /// The places of the classes, those with the most objects first, and where each has gone.
  private let ranks: [Int]
  private let rankOf: [Int]
  /// The places of the tracks that are shown, by their beginning.
  private let tracks: [Int]

  init(_ source: SourceDigest, media: PageMedia, limits: PageLimits) {
    self.source = source
    self.media = media
    self.limits = limits
    ranks = source.classRanks
    var rankOf = ranks
    for (rank, index) in ranks.enumerated() { rankOf[index] = rank }
    self.rankOf = rankOf
    tracks = source.shownTracks(limits.tracks)
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field("name", shown(source.shownName))
    json.field("status", shown(source.ending))
    json.field("pictures", source.pictures)
    json.field("width", source.width)
    json.field("height", source.height)
    json.field("frames", source.frames)
    json.field("objects", source.objects)
    json.field("trackCount", source.tracks.count)
    json.field("first", source.first, decimals: 3)
    json.field("last", source.last, decimals: 3)
    json.field("wall", source.wall.map { ($0.timeIntervalSince1970 * 1000).rounded() }, decimals: 0)
    json.field("notes", notes)
    source.writeClasses(to: &json, text: shown)
    writeCourse(to: &json)
    writeTracks(to: &json)
    writeGaps(to: &json)
    PageEvents(source, rankOf: rankOf, share: limits.events).write(to: &json)
    writeHeat(to: &json)
    writeMedia(to: &json)
    json.endObject()
  }

  private var notes: [String] {
    var notes: [String] = []
    if let reason = source.reason, source.status != "complete" { notes.append(shown(reason)) }
    if source.status == nil {
      notes.append("It has no end line: the run goes on, or it was killed.")
    }
    if !source.isTracked, source.pictures == nil, source.objects > 0 {
      notes.append(
        "Objects have no track numbers here, so nobody is followed from frame to frame. "
          + "'stream-detect track RUN.jsonl -o TRACKS.jsonl' adds them; then make the report of "
          + "TRACKS.jsonl.")
    }
    if source.hasOnlyEvents || source.frames == 0, !source.events.isEmpty {
      notes.append("There are events only, so counts and places of single frames are missing.")
    }
    if !source.quietPlaces.isEmpty {
      let names = source.quietPlaces.map(shown)
      notes.append("Nothing happened at \(names.joined(separator: ", ")).")
    }
    if source.isCut { notes.append("There is more in the results than is kept here.") }
    if tracks.count < source.tracks.count {
      notes.append("The \(tracks.count) longest of \(source.tracks.count) tracks are shown.")
    }
    return notes
  }

  private func writeCourse(to json: inout JSONWriter) {
    json.key("course")
    guard !source.course.frames.isEmpty else { return json.null() }
    // Where every bin has a frame, none seems to be empty only because it lies between two.
    let least = source.pictures == nil ? 2 * (source.interval ?? 0) : 1
    let course = source.course.coarsened(to: limits.bins, least: least)
    json.beginObject()
    json.field("origin", course.origin, decimals: 3)
    json.field("width", course.width, decimals: 4)
    json.field("frames", Self.runs(course.frames.map { Int($0) }))
    json.key("peaks")
    json.beginArray()
    for index in ranks {
      let peaks = index < course.peaks.count ? course.peaks[index] : []
      json.beginArray()
      for run in Self.runs(peaks.map { Int($0) }) { json.integer(run) }
      json.endArray()
    }
    json.endArray()
    json.endObject()
  }

  private func writeTracks(to json: inout JSONWriter) {
    json.key("tracks")
    guard !tracks.isEmpty else { return json.null() }
    let shown = tracks.map { source.tracks[$0] }
    json.beginObject()
    json.field("id", shown.map(\.id))
    json.field("class", shown.map { rankOf[$0.classIndex] })
    json.field("start", differences(shown.map { centiseconds($0.start) }))
    json.field("length", shown.map { centiseconds($0.end) - centiseconds($0.start) })
    json.field("frames", shown.map(\.frames))
    json.field("best", shown.map { Int(min(max($0.bestConfidence, 0), 1) * 1000) })
    json.field(
      "sight", shown.map { track in track.sight.map { centiseconds($0.t - track.start) } ?? 0 })
    json.key("spans")
    json.beginArray()
    for (place, track) in shown.enumerated() where track.spans.count > 1 {
      json.beginArray()
      json.integer(place)
      for span in track.spans {
        json.integer(centiseconds(span.start - track.start))
        json.integer(centiseconds(span.end - track.start))
      }
      json.endArray()
    }
    json.endArray()
    json.endObject()
  }

  private func writeGaps(to json: inout JSONWriter) {
    json.key("gaps")
    json.beginArray()
    for gap in source.gaps {
      json.beginArray()
      json.number(gap.start, decimals: 2)
      json.number(gap.end, decimals: 2)
      if let reason = gap.reason { json.string(shown(reason)) } else { json.null() }
      json.endArray()
    }
    json.endArray()
  }

  private func writeMedia(to json: inout JSONWriter) {
    json.field("video", media.videoAddress)
    json.field("videoName", media.videoName.map(shown))
    json.field("still", media.still.map(Self.address))
    json.key("snapshots")
    json.beginArray()
    for (place, index) in tracks.enumerated() {
      guard let picture = media.pictures[index] else { continue }
      json.beginArray()
      json.integer(place)
      json.string(Self.address(picture))
      json.endArray()
    }
    json.endArray()
  }

  private func writeHeat(to json: inout JSONWriter) {
    json.key("heat")
    PageHeat(source, ranks: ranks, most: limits.maps).write(to: &json)
  }

  private static func address(_ jpeg: [UInt8]) -> String {
    "data:image/jpeg;base64," + Data(jpeg).base64EncodedString()
  }

  /// Values of which `-n` stands for n more of the one before, which is 0 at first.
  static func runs(_ values: [Int]) -> [Int] {
    var runs: [Int] = []
    var (last, repeated) = (0, 0)
    func close() {
      if repeated == 1, last < 10 {
        runs.append(last)
      } else if repeated > 0 {
        runs.append(-repeated)
      }
      repeated = 0
    }
    for value in values {
      if value == last {
        repeated += 1
      } else {
        close()
        runs.append(value)
        last = value
      }
    }
    close()
    return runs
  }
}

extension SourceDigest {
  /// The places of this share of its tracks, the longest, by their beginning.
  fileprivate func shownTracks(_ share: Double) -> [Int] {
    var kept = Array(tracks.indices)
    if share < 1 {
      kept.sort { (-tracks[$0].length, $0) < (-tracks[$1].length, $1) }
      kept.removeLast(kept.count - Int(Double(kept.count) * share))
    }
    return kept.sorted { (tracks[$0].start, $0) < (tracks[$1].start, $1) }
  }
}

/// Text of the results for people: no longer than anyone would read.
func shown(_ text: String) -> String {
  let safe = UnsafeText.escaped(text)
  return safe.count > 200 ? safe.prefix(199) + "…" : safe
}

/// A time in hundredths of a second.
func centiseconds(_ t: Double) -> Int { Int((t * 100).rounded()) }

/// Each value less the one before it.
func differences(_ values: [Int]) -> [Int] {
  zip(values, [0] + values).map { $0 - $1 }
}
