internal import Annotations
internal import Foundation
internal import Support

/// The data of a page, as the JSON that its script reads.
struct PageData {
  private let digest: RunDigest
  private let media: [Int: PageMedia]
  private let title: String
  private let limits: PageLimits

  init(_ digest: RunDigest, media: [Int: PageMedia], title: String) {
    self.digest = digest
    self.media = media
    self.title = title
    limits = PageLimits(digest)
  }

  /// The data, which can stand inside a script element: no markup begins in it.
  func json() -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.field("run", run)
    json.field("notes", notes)
    json.key("sources")
    json.beginArray()
    for (index, source) in digest.sources.prefix(DigestLimits.courses).enumerated() {
      PageSource(source, media: media[index] ?? PageMedia(), limits: limits).write(to: &json)
    }
    json.endArray()
    json.endObject()
    // A less-than sign can only be in a string.
    var safe: [UInt8] = []
    safe.reserveCapacity(json.bytes.count)
    for byte in json.bytes {
      if byte == UInt8(ascii: "<") { safe += "\\u003c".utf8 } else { safe.append(byte) }
    }
    return safe
  }

  /// As in `Model ssdlite, run of 2026-11-21 10:00 UTC, confidence from 0.2`.
  private var run: String {
    var facts: [String] = []
    if let name = digest.run?.model?.name { facts.append("Model " + UnsafeText.escaped(name)) }
    if let started = digest.run?.started {
      let text = Timestamp.text(started)
      facts.append("run of \(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC")
    }
    if let least = digest.run?.options?.scoreThreshold {
      facts.append("confidence from \(shortest(least))")
    }
    return facts.joined(separator: ", ")
  }

  private var notes: [String] {
    var notes: [String] = []
    let more = digest.sources.count - DigestLimits.courses + digest.leftOut
    if more > 0 {
      notes.append(
        "The first \(DigestLimits.courses) sources are shown; \(more) more are left out.")
    }
    if digest.wholeFrameLines > 0 {
      notes.append(
        "\(digest.wholeFrameLines) lines of classify or segment are left out: they have no objects."
      )
    }
    return notes
  }

  private func shortest(_ value: Double) -> String {
    var json = JSONWriter()
    json.number(value, decimals: 3)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

/// How much of each thing a page holds, so that it stays small however much there is.
struct PageLimits {
  /// The share of tracks that are shown.
  let tracks: Double
  /// The share of events that are shown.
  let events: Double
  /// The bins of each class.
  let bins: Int
  /// The heat maps of each source.
  let maps: Int

  init(_ digest: RunDigest) {
    let sources = digest.sources.prefix(DigestLimits.courses)
    let tracks = sources.reduce(0) { $0 + $1.tracks.count }
    let events = sources.reduce(0) { $0 + $1.events.count }
    let series = sources.reduce(0) { $0 + $1.classes.count + 1 }
    self.tracks = min(60_000 / Double(max(tracks, 1)), 1)
    self.events = min(60_000 / Double(max(events, 1)), 1)
    bins = min(max(1_000_000 / max(series, 1), 64), Course.most)
    maps = min(max(160 / max(sources.count, 1), 1), 12)
  }
}
