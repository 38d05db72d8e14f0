import Evaluation
import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite("Offline tracker")
struct OfflineTrackerTests {
  @Test("every frame is returned once, in order, with smoother boxes than were observed")
  func complete() {
    var scene = Scene.crowd(seed: 4)
    scene.seconds = 30
    for index in scene.walkers.indices {
      scene.walkers[index].vx /= 4
      scene.walkers[index].vy /= 4
    }
    let found = scene.trackedOffline()
    #expect(found.count == scene.times.count)
    let figures = scene.figures(found)
    let observed = scene.times.map { scene.observations(at: $0) }.map { observations in
      observations.enumerated().map {
        TrackedBox(
          trackID: $0 + 1, box: $1.box, score: $1.score, classID: $1.classID, observation: $0)
      }
    }
    #expect(figures.switches == 0 && figures.misses == 0 && figures.falseBoxes == 0, "\(figures)")
    #expect(figures.locA > scene.figures(observed).locA + 0.03)
    #expect(figures.hota > scene.figures(scene.tracked()).hota + 0.02)
  }

  @Test("gaps are filled and fragments joined, also of an object that turns while it is hidden")
  func joined() {
    var scene = Scene(
      walkers: [
        .init(number: 1, x: 300, y: 300, vx: 40), .init(number: 2, x: 800, y: 500, vx: -30),
      ], seconds: 12, jitter: 0.02)
    scene.isSeen = { walker, time in
      walker.number == 1 ? !(4..<7).contains(time) : !(3..<3.8).contains(time)
    }
    var options = TrackerOptions()
    options.ttl = 1
    let found = scene.trackedOffline(options)
    let figures = scene.figures(found)
    #expect(figures.switches == 0 && figures.misses == 0 && figures.idf1 == 1, "\(figures)")
    #expect(Set(found.flatMap { $0 }.map(\.trackID)) == [1, 2])
    #expect(found[Int(5.5 * 25)].filter(\.isPredicted).count == 1)
  }

  @Test("clutter and what is too short is dropped, a late high score counts from the beginning")
  func clutter() {
    var random = SplitMix64(seed: 6)
    var tracker = OfflineTracker()
    var found: [[TrackedBox]] = []
    for step in 0..<300 {
      let time = Double(step) * 0.04
      var observations = [
        BoxObservation(
          box: PixelBox(x: 100 + time * 20, y: 100, width: 40, height: 100),
          score: step < 40 ? 0.48 : 0.9)
      ]
      if step % 2 == 0 {
        observations.append(
          .init(
            box: PixelBox(x: 700, y: 200, width: 50, height: 80),
            score: .random(in: 0.12...0.52, using: &random)))
      }
      if step == 150 || step == 151 {
        observations.append(
          .init(box: PixelBox(x: 900, y: 300, width: 50, height: 80), score: 0.9))
      }
      found += tracker.update(observations, at: time)
    }
    found += tracker.finish()
    #expect(found.allSatisfy { $0.map(\.trackID) == [1] })
  }

  @Test("memory doesn't grow with the length of the video")
  func memory() {
    var scene = Scene.crowd(seed: 9)
    var tracker = OfflineTracker()
    var (frames, sightings, paths) = (0, 0, 0)
    for step in 0..<1500 {
      let time = Double(step) * 0.04
      // The crowd begins anew every eight seconds.
      let moment = time.truncatingRemainder(dividingBy: 8)
      scene.seconds = 8
      _ = tracker.update(scene.observations(at: moment), at: time, frame: Scene.size)
      frames = max(frames, tracker.frames.count)
      paths = max(paths, tracker.paths.count)
      sightings = max(sightings, tracker.paths.reduce(0) { $0 + $1.sightings.count })
    }
    #expect(frames <= 25 * 12 && paths < 100, "\(frames) frames, \(paths) paths")
    #expect(sightings < 25 * 12 * 12 * 2, "\(sightings) sightings")
  }

  @Test("frames are finished also if time stands still")
  func standstill() {
    var tracker = OfflineTracker()
    let box = BoxObservation(box: PixelBox(x: 10, y: 10, width: 40, height: 90), score: 0.9)
    var finished = 0
    for _ in 0..<9000 { finished += tracker.update([box], at: 0).count }
    #expect(finished >= 9000 - OfflineTracker.maximumFrames)
    finished += tracker.finish().count
    #expect(finished == 9000)
  }

  @Test("an empty video has no frames, and a tracker can be used again")
  func reuse() {
    var tracker = OfflineTracker()
    #expect(tracker.finish().isEmpty)
    let scene = Scene.crowd(seed: 2)
    func run() -> [[TrackedBox]] {
      scene.times.flatMap { tracker.update(scene.observations(at: $0), at: $0, frame: Scene.size) }
        + tracker.finish()
    }
    let first = run()
    #expect(first == run() && first == scene.trackedOffline())
  }
}
