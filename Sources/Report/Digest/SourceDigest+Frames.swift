internal import Annotations
internal import Foundation

extension SourceDigest {
  /// Adds a frame; `room` is for how many more classes it may be kept when and where they are.
  mutating func take(_ frame: FrameRecord, room: inout Int) {
    let t = pictures.map { Double($0 - 1) } ?? seconds(of: frame)
    noteTime(t)
    if let captured = frame.wall, wall == nil { wall = captured.addingTimeInterval(-t) }
    frames += 1
    objects += frame.objects.count
    counts.removeAll(keepingCapacity: true)
    for object in frame.objects { take(object, at: t, of: frame, room: &room) }
    for (index, count) in counts {
      classes[index].frames += 1
      classes[index].peak = max(classes[index].peak, count)
    }
    guard keepsCourse else { return }
    let isDetailed = classes.allSatisfy { $0.isDetailed != false }
    course.add(t, isDetailed ? counts : counts.filter { classes[$0.class].isDetailed == true })
  }

  private mutating func take(
    _ object: ObjectRecord, at t: Double, of frame: FrameRecord, room: inout Int
  ) {
    let index = classIndex(object.label)
    if keepsCourse, classes[index].isDetailed == nil {
      classes[index].isDetailed = room > 0
      if room > 0 { room -= 1 } else { isCut = true }
    }
    if let place = counts.firstIndex(where: { $0.class == index }) {
      counts[place].count += 1
    } else {
      counts.append((index, 1))
    }
    classes[index].objects += 1
    classes[index].first = min(classes[index].first ?? t, t)
    classes[index].last = max(classes[index].last ?? t, t)
    if !object.isPredicted {
      classes[index].bestConfidence = max(classes[index].bestConfidence, object.confidence)
    }
    let size =
      frame.width.flatMap { width in frame.height.map { (width, $0) } }
      ?? width.flatMap { width in height.map { (width, $0) } }
    if classes[index].isDetailed == true, let (width, height) = size {
      if classes[index].heat == nil { classes[index].heat = HeatGrid(width: width, height: height) }
      classes[index].heat?.add(object.box, width: width, height: height)
    }
    // Numbers of pictures mean nothing from one picture to the next.
    guard let id = object.trackID, pictures == nil else { return }
    classes[index].tracked += 1
    guard let track = track(id, at: t, classIndex: index) else { return }
    tracks[track].see(at: t, pause: max(1, 3 * (interval ?? 0)))
    tracks[track].vote(for: index)
    guard !object.isPredicted else { return }
    tracks[track].detect(object.confidence)
    guard keepsCourse, let (width, height) = size,
      let sight = TrackDigest.Sight(
        t: t, box: object.box, confidence: object.confidence, width: width, height: height)
    else { return }
    tracks[track].show(sight)
  }

  /// Adds an event.
  mutating func take(_ event: EventLine) {
    guard let t = event.t.map(Self.bounded) else { return }
    let index = classIndex(event.label)
    places.take(event, classIndex: index)
    // Where there are frames, they tell all that starts and ends would.
    if frames == 0, let id = event.trackID {
      first = min(first ?? t, t)
      last = max(last ?? t, t)
      if event.phase != EventRecord.Phase.update.rawValue,
        let track = track(id, at: t, classIndex: index)
      {
        tracks[track].see(at: t, pause: .infinity)
        tracks[track].detect(event.confidence ?? 0)
        classes[index].bestConfidence = max(
          classes[index].bestConfidence, event.confidence ?? 0)
        classes[index].first = min(classes[index].first ?? t, t)
        classes[index].last = max(classes[index].last ?? t, t)
      }
    }
    guard events.count < DigestLimits.events else { return isCut = true }
    events.append(
      EventDigest(
        t: t, what: event.what, classIndex: index, trackID: event.trackID,
        confidence: event.confidence, place: event.zone ?? event.line, direction: event.direction,
        dwell: event.dwell))
  }

  private mutating func track(_ id: Int, at t: Double, classIndex: Int) -> Int? {
    if let index = trackNumbers[id] { return index }
    guard tracks.count < DigestLimits.tracks else {
      isCut = true
      return nil
    }
    trackNumbers[id] = tracks.count
    tracks.append(TrackDigest(id: id, at: t, classIndex: classIndex))
    return tracks.count - 1
  }

  /// Takes note of the time of a frame, and of what was missed before it.
  private mutating func noteTime(_ t: Double) {
    defer {
      first = min(first ?? t, t)
      last = max(last ?? t, t)
      lostReason = nil
    }
    guard pictures == nil, let last, t > last else { return }
    // Long compared with the usual distance of frames, which may be minutes.
    let isJump = frames > 2 && t - last > max(10, 8 * (interval ?? .infinity))
    guard lostReason != nil || isJump else { return }
    gapSeconds += t - last
    guard gaps.count < DigestLimits.gaps else { return isCut = true }
    let reason = lostReason.flatMap { $0.isEmpty ? nil : $0 }
    gaps.append(GapDigest(start: last, end: t, reason: reason))
  }

  /// When a frame is shown: as it says, else by its time stamp, else by its place.
  private func seconds(of frame: FrameRecord) -> Double {
    if let t = frame.t { return Self.bounded(t) }
    if let pts = frame.pts, let tick { return Self.bounded(Double(pts) * tick) }
    return Self.bounded(Double(frame.index) / (rate ?? 25))
  }

  /// A time that can be calculated with: a century, at most.
  private static func bounded(_ t: Double) -> Double { min(max(t, 0), 3.2e9) }
}
