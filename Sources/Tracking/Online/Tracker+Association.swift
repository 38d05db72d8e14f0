internal import Geometry

extension Tracker {
  /// Matches tracks with the observations of the frame, in three stages.
  mutating func associate(_ seconds: Double, at time: Double) {
    trackIsFree.removeAll(keepingCapacity: true)
    for _ in tracks.indices { trackIsFree.append(true) }
    guard !tracks.isEmpty else { return }
    match(options.highScore..., gate: tuning.gate)
    followCamera(seconds, at: time)
    take(at: time)
    match(options.lowScore..., gate: tuning.lowGate)
    take(at: time)
    recover(at: time)
    take(at: time)
  }

  /// Chooses the best pairs of free tracks with free observations that have these scores.
  private mutating func match(_ scores: PartialRangeFrom<Double>, gate: Double) {
    let measure = MatchGain(tuning: tuning, frame: frame)
    let tuning = tuning
    association.begin()
    for place in tracks.indices where trackIsFree[place] {
      let (x, y) = (tracks[place].x, tracks[place].y)
      let winner = tracks[place].votes.winner
      let isConfirmed = tracks[place].isConfirmed
      candidates.nearby(x, farthest: tuning.farthest) { index, found in
        guard scores.contains(found.score) else { return }
        var gain = measure.gain(x, y, found, gate: gate)
        if found.classID != winner { gain -= tuning.classCost }
        if !isConfirmed { gain -= tuning.tentativeCost }
        if gain > 0 { association.add(track: place, observation: index, gain: gain) }
      }
    }
    solve()
  }

  /// Matches tracks with observations near the place where they were last seen.
  ///
  /// An object that stops or turns while it is hidden is not where its motion would have led it.
  private mutating func recover(at time: Double) {
    association.begin()
    for place in tracks.indices where trackIsFree[place] && tracks[place].isConfirmed {
      let last = tracks[place].lastObserved
      let gone = time - tracks[place].lastSeen
      let reach = (tuning.recoveryBase + tuning.recovery * gone) * tracks[place].side
      for index in candidates.observations.indices where candidates.isFree[index] {
        let found = candidates.observations[index]
        guard found.score >= options.birthScore,
          found.classID == tracks[place].votes.winner,
          Self.isAlike(found.box.width, last.width), Self.isAlike(found.box.height, last.height)
        else { continue }
        let dx = found.box.centreX - last.centreX
        let dy = found.box.centreY - last.centreY
        let distance = (dx * dx + dy * dy).squareRoot() / reach
        if distance < 1 { association.add(track: place, observation: index, gain: 1 - distance) }
      }
    }
    solve()
  }

  private static func isAlike(_ a: Double, _ b: Double) -> Bool {
    max(a, b) < 1.3 * min(a, b)
  }

  private mutating func solve() {
    matches.removeAll(keepingCapacity: true)
    association.solve(
      trackCount: tracks.count, observationCount: candidates.observations.count,
      into: &matches)
  }

  /// Tells from the matches of the first stage how the camera moves.
  private mutating func followCamera(_ seconds: Double, at time: Double) {
    innovations.removeAll(keepingCapacity: true)
    for (track, observation) in matches where tracks[track].isConfirmed {
      let track = tracks[track]
      guard track.lastSeen > time - seconds - tuning.cameraGap else { continue }
      let box = candidates.observations[observation].box
      func deviation(_ axis: AxisFilter) -> Double {
        (axis.positionVariance + square(tuning.positionNoise * axis.size)).squareRoot()
      }
      innovations.append(
        .init(
          x: box.centreX - track.x.position, y: box.centreY - track.y.position,
          deviation: (deviation(track.x) + deviation(track.y)) / 2, side: track.side))
    }
    camera.update(innovations, seconds, tuning)
  }

  private mutating func take(at time: Double) {
    for (track, observation) in matches {
      trackIsFree[track] = false
      candidates.isFree[observation] = false
      tracks[track].update(
        candidates.observations[observation], index: observation, at: time, frame: frame, tuning)
    }
  }
}
