internal import Geometry

extension OfflineTracker {
  /// Finishes the waiting frames before the place `end`, and returns their objects.
  mutating func finish(upTo end: Int, isLast: Bool = false) -> [[TrackedBox]] {
    guard end > finished else { return [] }
    let alive = Set(tracker.tracks.map(\.serial))
    for index in paths.indices where !alive.contains(paths[index].serial) {
      paths[index].isOver = true
    }
    join(isLast: isLast)
    var result = [[TrackedBox]](repeating: [], count: end - finished)
    for index in paths.indices {
      if paths[index].id == 0 && paths[index].isCredible(options) {
        lastID += 1
        paths[index].id = lastID
      }
      if paths[index].id > 0 { write(paths[index], upTo: end, into: &result) }
    }
    finished = end
    trim()
    return result
  }

  /// Adds the boxes of a path in the frames from `finished` to `end` to `result`.
  private mutating func write(_ path: Path, upTo end: Int, into result: inout [[TrackedBox]]) {
    fillStretch(of: path, upTo: end)
    guard stretch.sightings.contains(where: { $0 >= 0 }) else { return }
    let isStill = Stillness(tuning: tuning).flags(stretch.steps)
    smoother.smooth(stretch.steps, isStill: isStill)
    for (index, place) in stretch.places.enumerated() where place >= finished && place < end {
      let (x, y) = (smoother.x[index], smoother.y[index])
      let whole = PixelBox(
        x: x.position - x.size / 2, y: y.position - y.size / 2, width: x.size, height: y.size)
      let box = frames[place].step.size?.clip(whole) ?? whole
      let seen = stretch.sightings[index]
      let sighting = seen >= 0 ? path.sightings[seen] : nil
      if sighting == nil {
        guard options.coast > 0, box.area >= tuning.leastInside * whole.area else { continue }
      }
      result[place - finished].append(
        TrackedBox(
          trackID: path.id, box: box, score: sighting?.observation.score ?? path.scores.median,
          classID: path.votes.winner, observation: sighting?.index, isStationary: isStill[index]))
    }
  }

  /// Notes the steps of a path around the frames from `finished` to `end`.
  private mutating func fillStretch(of path: Path, upTo end: Int) {
    stretch.removeAll()
    let after = path.endsStationary(tuning) ? tuning.stationaryCoast : tuning.extendAfter
    let (from, to) = (frames[finished].time, frames[end - 1].time)
    guard path.last + after >= from, path.first - tuning.extendBefore <= to else { return }
    let stop = min(path.last + after, to + tuning.smoothingContext)
    // The sighting before the frames that are known closes a long gap.
    var next = path.sightings.firstIndex { $0.frame >= frames[0].number } ?? path.sightings.count
    if next > 0 {
      stretch.append(path.sightings[next - 1].step, sighting: next - 1, place: -1)
    }
    for place in frames.indices {
      let frame = frames[place]
      guard frame.time >= path.first - tuning.extendBefore else { continue }
      guard frame.time <= stop else { break }
      let isSeen = next < path.sightings.count && path.sightings[next].frame == frame.number
      stretch.append(
        isSeen ? path.sightings[next].step : frame.step, sighting: isSeen ? next : -1, place: place)
      if isSeen { next += 1 }
    }
  }

  /// Forgets what can't matter any more.
  private mutating func trim() {
    guard finished < frames.count else { return }
    let now = frames[finished].time
    let kept = frames.firstIndex { $0.time >= now - tuning.smoothingContext } ?? finished
    frames.removeFirst(kept)
    finished -= kept
    for index in paths.indices { paths[index].forget(before: frames[0].number) }
    let oldest = now - max(tuning.joinGap, tuning.stationaryCoast)
    paths.removeAll { $0.isOver && $0.last < oldest }
    renumber()
  }

  /// Notes the places of the paths after some were removed.
  mutating func renumber() {
    places.removeAll(keepingCapacity: true)
    for (index, path) in paths.enumerated() { places[path.serial] = index }
  }
}
