internal import Geometry

/// The sightings of tracks that have no number yet, until they get one or are given up.
///
/// They lie outside of the tracks, which are copied in every frame.
struct FirstSightings: Sendable {
  /// The longest time, in seconds, and the most sightings of a track that are kept.
  private static let longest = 10.0
  private static let most = 512

  private var waiting: [Int: [EarlierSighting]] = [:]
  /// Of the tracks that got their number in this frame, without the present sighting.
  private var confirmed: [Int: [EarlierSighting]] = [:]

  /// Adds a sighting of the track with a serial number.
  mutating func add(_ sighting: EarlierSighting, of serial: Int) {
    waiting[serial, default: []].append(sighting)
    guard let sightings = waiting[serial] else { return }
    // Half of them at a time, so that adding takes the same time whatever has been.
    let isTooLong = sighting.time - sightings[0].time > 2 * Self.longest
    guard isTooLong || sightings.count >= 2 * Self.most else { return }
    waiting[serial] = sightings.suffix(Self.most).filter {
      sighting.time - $0.time <= Self.longest
    }
  }

  /// Notes that a track gets its number with its last sighting.
  mutating func confirm(_ serial: Int) {
    guard let sightings = waiting.removeValue(forKey: serial), let last = sightings.last else {
      return
    }
    let earlier = sightings.dropLast().suffix(Self.most).filter {
      last.time - $0.time <= Self.longest
    }
    if !earlier.isEmpty { confirmed[serial] = earlier }
  }

  /// The earlier sightings of a track that got its number in this frame.
  func ofConfirmed(_ serial: Int) -> [EarlierSighting] {
    confirmed.isEmpty ? [] : confirmed[serial] ?? []
  }

  /// Forgets what the frame was told.
  mutating func endFrame() {
    if !confirmed.isEmpty { confirmed.removeAll(keepingCapacity: true) }
  }

  /// Forgets the tracks that are given up, if there may be any.
  mutating func keep(_ count: Int, where isKept: (_ serial: Int) -> Bool) {
    guard waiting.count > count else { return }
    waiting = waiting.filter { isKept($0.key) }
  }
}

extension Tracker {
  /// Keeps what the frame showed of tracks without a number.
  mutating func noteFirstSightings(at time: Double) {
    var count = 0
    for track in tracks where !track.isConfirmed {
      count += 1
      guard let index = track.observation else { continue }
      let found = candidates.observations[index]
      firstSightings.add(
        EarlierSighting(time: time, box: found.box, score: found.score), of: track.serial)
    }
    let tracks = tracks
    firstSightings.keep(count) { serial in
      tracks.contains { $0.serial == serial && !$0.isConfirmed }
    }
  }
}
