internal import Foundation
internal import Report
internal import Support

extension RunDigest {
  /// What happened, as tables for a terminal: of at most `top` sources, each with as many stays.
  func text(top: Int) -> String {
    var lines: [String] = []
    for source in sources.prefix(max(top, 1)) {
      if !lines.isEmpty { lines.append("") }
      lines += source.text(top: top)
    }
    let rest = sources.count - max(top, 1)
    if rest > 0 {
      lines += ["", "and \(counted(rest, "more source")); --top \(sources.count) shows all"]
    }
    if sources.count > 1 { lines += ["", "all: " + totals] }
    if sources.isEmpty { lines.append("no sources") }
    if !isTracked, sources.contains(where: { $0.pictures == nil && $0.objects > 0 }) {
      lines += [
        "",
        "No tracks: objects are counted in each frame anew. 'stream-detect track RUN.jsonl -o "
          + "TRACKS.jsonl' follows them.",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var totals: String {
    let tracks = sources.reduce(0) { $0 + $1.tracks.count }
    return [
      counted(sources.count, "source"), counted(sources.reduce(0) { $0 + $1.frames }, "frame"),
      counted(sources.reduce(0) { $0 + $1.objects }, "object"),
    ].joined(separator: ", ") + (isTracked ? ", " + counted(tracks, "track") : "")
  }
}

extension SourceDigest {
  fileprivate func text(top: Int) -> [String] {
    var lines = [heading]
    if let reason, status != "complete" { lines.append("  " + printable(reason)) }
    if hasOnlyEvents, !events.isEmpty {
      lines.append("  events only: what single frames show is not in the results")
    }
    if !gaps.isEmpty {
      lines.append(
        "  not analysed: \(counted(gaps.count, "gap")), \(clock(gapSeconds)) together")
    }
    if !classes.isEmpty { lines += [""] + aligned(classRows, leftColumns: 1) }
    let longest = longestTracks(top)
    if !longest.isEmpty {
      lines += ["", "longest stays"] + aligned(rows(of: longest), leftColumns: 1)
    }
    if !places.crossings.isEmpty { lines += [""] + aligned(crossingRows, leftColumns: 2) }
    if !places.visits.isEmpty { lines += [""] + aligned(visitRows, leftColumns: 2) }
    if !quietPlaces.isEmpty {
      let names = quietPlaces.map { printable($0) }
      lines += ["", "nothing happened at " + names.joined(separator: ", ")]
    }
    return lines
  }

  /// As in `walk.mp4: complete, 0:00 to 1:19, 795 frames, 6167 objects, 41 tracks`.
  private var heading: String {
    var facts = [ending]
    if let pictures {
      facts.append(counted(pictures, "picture"))
    } else if let first, let last {
      facts.append("\(clock(first)) to \(clock(last))")
    }
    facts.append(counted(frames, "frame"))
    if let interval, pictures == nil { facts.append("\(decimals(1 / interval, 1)) a second") }
    facts.append(counted(objects, "object"))
    if isTracked { facts.append(counted(tracks.count, "track")) }
    if losses > 0 { facts.append("lost \(counted(losses, "time"))") }
    if let wall { facts.append("from \(Timestamp.text(wall.addingTimeInterval(first ?? 0)))") }
    return printable(pictures == nil ? name : "pictures") + ": " + facts.joined(separator: ", ")
  }

  private var classRows: [[String]] {
    let counts = trackCounts
    var head = ["class", "objects", "frames", "at once", "best"]
    if isTracked { head.insert("tracks", at: 1) }
    if pictures == nil { head += ["first", "last"] }
    return [head]
      + classRanks.map { index in
        let entry = classes[index]
        var row = [
          printable(entry.label), "\(entry.objects)", "\(entry.frames)", "\(entry.peak)",
          decimals(entry.bestConfidence, 2),
        ]
        if isTracked { row.insert("\(counts[index])", at: 1) }
        if pictures == nil { row += [entry.first, entry.last].map { $0.map(clock) ?? "-" } }
        return row
      }
  }

  private func rows(of tracks: [TrackDigest]) -> [[String]] {
    [["class", "track", "from", "to", "time", "frames", "best"]]
      + tracks.map { track in
        [
          printable(classes[track.classIndex].label), "\(track.id)", clock(track.start),
          clock(track.end), clock(track.length), "\(track.frames)",
          decimals(track.bestConfidence, 2),
        ]
      }
  }

  private var crossingRows: [[String]] {
    let directions = Set(places.crossings.flatMap(\.counts.keys)).sorted()
    return [["line", "class"] + directions.map { printable($0) }]
      + places.crossings.map { crossing in
        [printable(crossing.line), printable(classes[crossing.classIndex].label)]
          + directions.map { "\(crossing.counts[$0] ?? 0)" }
      }
  }

  private var visitRows: [[String]] {
    [["zone", "class", "entered", "left", "at once", "mean time", "longest"]]
      + places.visits.map { visit in
        [
          printable(visit.zone), printable(classes[visit.classIndex].label), "\(visit.entered)",
          "\(visit.left)", "\(visit.peak)", visit.meanDwell.map(clock) ?? "-",
          visit.left > 0 ? clock(visit.longestDwell) : "-",
        ]
      }
  }
}

/// `1 frame`, `2 frames`.
private func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}

/// `0:03.2` or `1:02:03`: tenths of a second where they matter.
private func clock(_ seconds: Double) -> String {
  let tenths = Int((min(max(seconds, 0), 3.2e9) * 10).rounded())
  let (hours, minutes) = (tenths / 36_000, tenths / 600 % 60)
  let tail = padded(tenths / 10 % 60, 2)
  if hours > 0 { return "\(hours):\(padded(minutes, 2)):\(tail)" }
  return "\(minutes):\(tail).\(tenths % 10)"
}
