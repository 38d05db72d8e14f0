package import Foundation
internal import Annotations

/// What happened in one source, gathered line by line.
package struct SourceDigest: Sendable {
  /// Its name.
  package let name: String
  /// Which of the files it is in, from 0: the first, if it is in several.
  package let file: Int
  /// How many pictures are in it; `nil` for a video, in which one frame follows the other.
  ///
  /// Pictures are sources of one frame each, which are gathered as one; their places stand for
  /// times.
  package internal(set) var pictures: Int?
  /// Where it was read from.
  package internal(set) var uri: String?
  /// `file`, `live` or `image`.
  package internal(set) var kind: String?
  /// Width of its frames in pixels.
  package internal(set) var width: Int?
  /// Height of its frames in pixels.
  package internal(set) var height: Int?
  /// How it ended, as its `end` line says; `nil` if there is none.
  package internal(set) var status: String?
  /// Why it ended like that.
  package internal(set) var reason: String?
  /// The number of its `frame` lines.
  package internal(set) var frames = 0
  /// The objects in all frames.
  package internal(set) var objects = 0
  /// When its first frame was captured, had it been at time 0; live sources only.
  package internal(set) var wall: Date?
  /// The time of its first frame, or event if it has no frames.
  package internal(set) var first: Double?
  /// The time of its last frame, or event.
  package internal(set) var last: Double?
  /// Its classes, in the order in which they came.
  package internal(set) var classes: [ClassDigest] = []
  /// Its tracks, in the order in which they came.
  package internal(set) var tracks: [TrackDigest] = []
  /// What happened to its objects, in the order of the lines.
  package internal(set) var events: [EventDigest] = []
  /// The names of the lines that it was watched at, as the `run` line states them.
  package internal(set) var lines: [String] = []
  /// The names of the zones that it was watched at.
  package internal(set) var zones: [String] = []
  /// Lines that were crossed and zones that were entered.
  package internal(set) var places = PlaceTallies()
  /// When no frame was analysed.
  package internal(set) var gaps: [GapDigest] = []
  /// Seconds in which no frame was analysed.
  package internal(set) var gapSeconds = 0.0
  /// How often a live source was lost.
  package internal(set) var losses = 0
  /// Whether there were more tracks, events, classes or gaps than are kept.
  package internal(set) var isCut = false
  /// Whether its frames have no lines, and only its `end` line tells how many there were.
  package internal(set) var hasOnlyEvents = false
  /// How many objects there are over time; empty if that isn't kept.
  package internal(set) var course = Course()

  let keepsCourse: Bool
  var tick: Double?
  var rate: Double?
  var classNumbers: [String: Int] = [:]
  var trackNumbers: [Int: Int] = [:]
  /// Why it is lost at present; an empty word if the line doesn't say.
  var lostReason: String?
  /// The objects of each class in the present frame.
  var counts: [(class: Int, count: Int)] = []

  init(name: String, file: Int, keepsCourse: Bool) {
    self.name = name
    self.file = file
    self.keepsCourse = keepsCourse
  }

  /// Whether its objects have numbers.
  package var isTracked: Bool { !tracks.isEmpty }

  /// Seconds from the first frame to the last.
  package var length: Double { (last ?? 0) - (first ?? 0) }

  /// Mean seconds between two frames, without the gaps; `nil` if there is only one.
  package var interval: Double? {
    let seen = length - gapSeconds
    return frames > 1 && seen > 0 ? seen / Double(frames - 1) : nil
  }

  /// How many tracks each class has, by its place.
  package var trackCounts: [Int] {
    tracks.reduce(into: [Int](repeating: 0, count: classes.count)) { $0[$1.classIndex] += 1 }
  }

  /// The lines that weren't crossed, and the zones that weren't entered.
  package var quietPlaces: [String] {
    let crossed = Set(places.crossings.map(\.line))
    let entered = Set(places.visits.map(\.zone))
    return lines.filter { !crossed.contains($0) }.map { "line " + $0 }
      + zones.filter { !entered.contains($0) }.map { "zone " + $0 }
  }

  mutating func take(_ line: SourceLine) {
    uri = line.uri ?? uri
    kind = line.kind ?? kind
    (width, height) = (line.width ?? width, line.height ?? height)
    (tick, rate) = (line.tick ?? tick, line.rate ?? rate)
  }

  mutating func take(_ line: EndLine) {
    status = line.status ?? "unknown"
    reason = line.reason
    // With --events-only, this line alone tells how many frames were analysed.
    guard frames == 0, pictures == nil, let processed = line.processed, processed > 0 else {
      return
    }
    hasOnlyEvents = true
    frames = processed
    first = line.first.map { min(first ?? $0, $0) } ?? first
    last = line.last.map { max(last ?? $0, $0) } ?? last
  }

  mutating func take(_ line: GapLine) {
    if line.isLost {
      if lostReason == nil { losses += 1 }
      lostReason = lostReason ?? line.reason ?? ""
    }
  }

  /// The place of a class, which is new if there is room for it; else that of all others.
  mutating func classIndex(_ label: String) -> Int {
    if let index = classNumbers[label] { return index }
    if classes.count >= DigestLimits.classes {
      isCut = true
      let others = "(other classes)"
      if let index = classNumbers[others] { return index }
      return addClass(others)
    }
    return addClass(label)
  }

  private mutating func addClass(_ label: String) -> Int {
    classNumbers[label] = classes.count
    classes.append(ClassDigest(label: label))
    return classes.count - 1
  }
}

/// The most of each thing that is kept: what a file may hold has no limit.
enum DigestLimits {
  static let sources = 10_000
  /// Sources of which more than figures is kept.
  static let courses = 200
  static let classes = 500
  /// Classes of all sources of which it is kept when and where they are: some 70 kB each.
  static let detailedClasses = 1000
  static let tracks = 200_000
  static let events = 200_000
  static let gaps = 2000
  /// Pictures whose `end` line is still to come.
  static let openPictures = 100_000
}
