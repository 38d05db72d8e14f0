internal import Geometry

extension Tracker {
  /// Gives up the tracks that can't outlast a gap between two frames.
  ///
  /// Before anything is matched: after a long gap a track could be anywhere. Without a frame
  /// nothing could be seen, so a gap may be longer than the time in which a track may be unseen.
  mutating func forget(gap seconds: Double) {
    let (tuning, longest) = (tuning, tuning.longestGap * options.ttl)
    guard seconds > longest else { return }
    tracks.removeAll { track in
      let isHeld = track.isCertain && track.isStationary(tuning)
      return seconds > (isHeld ? max(tuning.stationaryTTL, longest) : longest)
    }
  }

  /// Begins a track with each observation that is left and good enough.
  mutating func begin(at time: Double) {
    for index in candidates.observations.indices where candidates.isFree[index] {
      let found = candidates.observations[index]
      guard found.score >= options.birthScore else { continue }
      lastSerial += 1
      tracks.append(Track(serial: lastSerial, found, index: index, at: time, tuning))
    }
  }

  /// Lets time pass for the tracks without an observation, and gives up those that had too much.
  mutating func age(_ seconds: Double) {
    // A detector that suddenly sees nothing at all has failed; objects don't leave all at once.
    let passed = candidates.observations.isEmpty ? seconds * tuning.silentTime : seconds
    for index in tracks.indices where tracks[index].observation == nil {
      let hidden = tracks[index].isConfirmed ? hiddenShare(of: index) : 0
      tracks[index].unseen += passed * (1 - (1 - tuning.hiddenTime) * hidden)
    }
    let (tuning, ttl, frame) = (tuning, options.ttl, frame)
    tracks.removeAll { track in
      guard track.observation == nil else { return false }
      guard track.isConfirmed else { return track.unseen > min(tuning.tentativeTTL, ttl) }
      if track.scores.median < tuning.dropScore { return true }
      if track.isCertain && track.isStationary(tuning) {
        return track.unseen > max(tuning.stationaryTTL, ttl)
      }
      if let frame, frame.clip(track.box).area < tuning.goneInside * track.box.area { return true }
      return track.unseen > ttl
    }
  }

  /// The share of a track's box that a nearer object hides.
  ///
  /// Nearer is what stands lower in the picture.
  private func hiddenShare(of index: Int) -> Double {
    let box = tracks[index].box
    let bottom = box.y + box.height
    var most = 0.0
    for other in tracks.indices
    where tracks[other].observation != nil && tracks[other].isConfirmed {
      // Far away, as most are: without the box.
      let (x, y) = (tracks[other].x, tracks[other].y)
      let reach = (x.size + box.width) / 2
      guard (x.position - box.centreX).magnitude < reach, y.position + y.size / 2 > bottom else {
        continue
      }
      let cover = tracks[other].box
      let width = min(cover.x + cover.width, box.x + box.width) - max(cover.x, box.x)
      let height = bottom - max(cover.y, box.y)
      if width > 0 && height > 0 { most = max(most, width * height / box.area) }
    }
    return min(most, 1)
  }
}
