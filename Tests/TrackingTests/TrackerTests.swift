import Evaluation
import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite("Tracker")
struct TrackerTests {
  @Test("objects keep their numbers while their ways cross", arguments: [1, 2, 3] as [UInt64])
  func crossing(seed: UInt64) {
    let scene = Scene.crowd(seed: seed)
    let figures = scene.figures(scene.tracked())
    #expect(figures.switches == 0 && figures.idf1 > 0.95 && figures.hota > 0.85, "\(figures)")
  }

  @Test("the same walk gives the same tracks at 25, 12.5 and 5 frames a second")
  func frameRates() {
    var scene = Scene.crowd(seed: 5)
    func results(_ rate: Double) -> [[TrackedBox]] {
      scene.rate = rate
      let found = scene.tracked()
      // Every 0.4 seconds, a time of all three.
      return stride(from: 0, to: found.count, by: Int(rate * 0.4)).map { found[$0] }
    }
    let all = results(25)
    for rate in [12.5, 5] {
      let frames = zip(all, results(rate)).map {
        TrackedFrame(truth: $0.map(NumberedBox.init), found: $1.map(NumberedBox.init))
      }
      let idf1 = TrackFigures(frames).idf1
      #expect(idf1 >= 0.97, "\(rate) frames a second: \(idf1)")
    }
  }

  @Test("an object keeps its number while it is unseen for less than the ttl, and no longer")
  func unseen() {
    var scene = Scene(
      walkers: [
        .init(number: 1, x: 300, y: 300, vx: 60), .init(number: 2, x: 300, y: 600, vx: 20),
      ])
    var options = TrackerOptions()
    options.ttl = 1.5
    scene.isSeen = { walker, time in walker.number == 2 || !(3..<4.2).contains(time) }
    let kept = scene.tracked(options)
    #expect(Set(kept.flatMap { $0 }.map(\.trackID)) == [1, 2])
    #expect(kept[Int(3.5 * 25)].first?.isPredicted == true)
    scene.isSeen = { walker, time in walker.number == 2 || !(3..<5).contains(time) }
    #expect(scene.tracked(options).last?.map(\.trackID) == [2, 3])
    options.ttl = 3
    #expect(scene.tracked(options).last?.map(\.trackID) == [1, 2])
  }

  @Test("an object that stops while it is hidden is found where it was last seen")
  func recovery() {
    var tracker = Tracker()
    func see(_ x: Double, at time: Double) -> Int? {
      tracker.update(
        [.init(box: PixelBox(x: x, y: 300, width: 40, height: 100), score: 0.9)], at: time
      ).first?.trackID
    }
    for step in 0..<50 { _ = see(Double(step) * 4, at: Double(step) * 0.04) }
    for step in 50..<80 { _ = tracker.update([], at: Double(step) * 0.04) }
    // At 100 pixels a second it would be 120 pixels further on.
    #expect(see(212, at: 3.2) == 1)
  }

  @Test("boxes with low scores continue a track, but never begin one that is reported")
  func lowScores() {
    var scene = Scene(walkers: [.init(number: 1, x: 300, y: 300, vx: 30)])
    scene.score = 0.4
    #expect(scene.tracked().allSatisfy { $0.isEmpty })
    var tracker = Tracker()
    var ids: Set<Int> = []
    for time in scene.times {
      var observations = scene.observations(at: time)
      if time < 1 { observations[0].score = 0.9 }
      for object in tracker.update(observations, at: time) {
        ids.insert(object.trackID)
        #expect(!object.isPredicted)
      }
    }
    #expect(ids == [1])
  }

  @Test("a track has the class that most of its boxes have")
  func classes() {
    let scene = Scene(walkers: [.init(number: 1, classID: 4, x: 300, y: 300, vx: 30)])
    var tracker = Tracker()
    for (index, time) in scene.times.enumerated() {
      var observations = scene.observations(at: time)
      if index % 4 == 1 { observations[0].classID = 9 }
      let objects = tracker.update(observations, at: time)
      if index > 10 { #expect(objects.map(\.classID) == [4] && objects[0].trackID == 1) }
    }
  }

  @Test("a parked object is held through flicker, at its place")
  func parked() {
    var scene = Scene(walkers: [.init(number: 1, x: 500, y: 400, width: 150, height: 80)])
    scene.rate = 5
    scene.seconds = 40
    scene.jitter = 0.03
    // Of 2 seconds, the detector sees it in 0.4, after the first 5; then it is gone for 5.
    scene.isSeen = { _, time in
      time < 5 || (time < 20 && (time * 5).rounded().truncatingRemainder(dividingBy: 10) < 2)
        || time > 25
    }
    let found = scene.tracked()
    let late = found[15...]
    #expect(late.allSatisfy { $0.count == 1 && $0[0].trackID == 1 && $0[0].isStationary })
    #expect(late.allSatisfy { ($0[0].box.x - 425).magnitude < 12 })
  }

  @Test("a swinging camera is told from the objects", arguments: [true, false])
  func camera(isGiven: Bool) {
    var scene = Scene.crowd(seed: 8, jitter: 0.02)
    scene.pan = { 160 * sine($0 * 0.9) }
    var tracker = Tracker()
    var last = 0.0
    let found = scene.times.map { time in
      let motion = CameraMotion(x: scene.pan(time) - scene.pan(last), y: 0)
      last = time
      return tracker.update(
        scene.observations(at: time), at: time, frame: Scene.size,
        motion: isGiven ? motion : nil)
    }
    let figures = scene.figures(found)
    #expect(figures.switches == 0 && figures.idf1 > 0.93, "\(figures)")
    // An estimate may leave to the objects what they have in common.
    if isGiven { #expect((tracker.shift.x - scene.pan(last)).magnitude < 1e-6) }
  }

  @Test("an object that enters has its whole size once it is in the picture")
  func entering() {
    let scene = Scene(walkers: [.init(number: 1, x: -30, y: 300, vx: 60, width: 80, height: 160)])
    var tracker = Tracker()
    for time in scene.times {
      var found = scene.observations(at: time)
      found[0].box = Scene.size.clip(found[0].box)
      for object in tracker.update(found, at: time, frame: Scene.size) where time > 2 {
        let overlap = NumberedBox(object).box.overlap(
          with: scene.walkers[0].box(at: time), isCrowd: false)
        #expect(overlap > 0.9, "\(time)")
      }
    }
  }

  @Test("what can't be used is ignored")
  func unusable() {
    var tracker = Tracker()
    let good = BoxObservation(box: PixelBox(x: 10, y: 10, width: 40, height: 90), score: 0.9)
    let bad: [BoxObservation] = [
      .init(box: PixelBox(x: .nan, y: 0, width: 9, height: 9), score: 0.9),
      .init(box: PixelBox(x: 0, y: 0, width: 0, height: 9), score: 0.9),
      .init(box: PixelBox(x: 0, y: 0, width: 9, height: -9), score: 0.9),
      .init(box: PixelBox(x: 0, y: 0, width: .infinity, height: 9), score: 0.9),
      .init(box: PixelBox(x: 0, y: 0, width: 9, height: 9), score: .nan),
      .init(box: PixelBox(x: 0, y: 0, width: 9, height: 9), score: 1.5),
    ]
    var last: [TrackedBox] = []
    for time in [0, 0.1, .nan, 0.05, 0.2, .infinity, -.infinity, 0.3, 0.3] {
      last = tracker.update(
        bad + [good], at: time, frame: FrameSize(width: .nan, height: -1),
        motion: CameraMotion(x: .nan, y: 0))
    }
    #expect(last.map(\.trackID) == [1] && last[0].observation == bad.count)
    #expect(tracker.update([good], at: 1e300).isEmpty)
    let box = tracker.update([good], at: .greatestFiniteMagnitude)
    #expect(box.isEmpty)
  }

  @Test("a gap in which nothing could be seen is outlasted, a longer one is not")
  func gaps() {
    let box = BoxObservation(box: PixelBox(x: 10, y: 10, width: 40, height: 90), score: 0.9)
    for (gap, id) in [(1.0, 1), (600, 2)] {
      var tracker = Tracker()
      for step in 0..<20 { _ = tracker.update([box], at: Double(step) * 0.1) }
      let later = (0..<20).map { tracker.update([box], at: 2 + gap + Double($0) * 0.1) }
      #expect(later.last?.map(\.trackID) == [id])
    }
  }

  @Test("the number of tracks stays bounded, whatever a detector reports")
  func bounded() {
    var random = SplitMix64(seed: 1)
    var tracker = Tracker()
    var most = 0
    for step in 0..<6 {
      let observations = (0..<2500).map { _ in
        BoxObservation(
          box: PixelBox(
            x: .random(in: 0...6000, using: &random), y: .random(in: 0...4000, using: &random),
            width: 30, height: 30), score: .random(in: 0...1, using: &random))
      }
      _ = tracker.update(observations, at: Double(step) * 0.2)
      most = max(most, tracker.tracks.count)
    }
    #expect(most <= 5 * TrackerOptions.maximumObservations)
  }
}

/// A sine without Foundation's overloads.
func sine(_ x: Double) -> Double {
  var (term, sum) = (x, x)
  for n in 1...30 {
    term *= -x * x / Double((2 * n) * (2 * n + 1))
    sum += term
  }
  return sum
}
