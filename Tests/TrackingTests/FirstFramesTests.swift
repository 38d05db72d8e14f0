import Geometry
import Testing

@testable import Tracking

@Suite("First frames of tracks, and frames of another size")
struct FirstFramesTests {
  /// What is told of one object with these boxes and scores, tracked online, without positions
  /// beyond what the tracker gives.
  private func events(
    rate: Double, frames: Int, score: (Int) -> Double, x: (Double) -> Double
  ) throws -> [ObjectEvent] {
    let line = try CountingLine(
      name: "gate", points: [Point(x: 0.5, y: 0.1), Point(x: 0.5, y: 0.9)])
    let zone = try Zone(
      name: "all",
      points: [Point(x: 0, y: 0), Point(x: 1, y: 0), Point(x: 1, y: 1), Point(x: 0, y: 1)])
    var engine = try EventEngine(EventOptions(zones: [zone], lines: [line]))
    var tracker = AnyTracker(isOffline: false)
    let size = FrameSize(width: 1000, height: 1000)
    var events: [ObjectEvent] = []
    for index in 0..<frames {
      let time = Double(index) / rate
      let found = BoxObservation(
        box: PixelBox(x: x(time) - 30, y: 500, width: 60, height: 200), score: score(index))
      let objects = tracker.update([found], at: time, frame: size)[0]
      events += try engine.update(
        objects.map { object in
          var sighted = SightedObject(
            trackID: object.trackID, box: object.box, score: object.score, label: "person",
            isPredicted: object.isPredicted)
          sighted.earlier = object.earlier
          return sighted
        }, at: time, frame: index, size: size)
    }
    return events + engine.finish()
  }

  @Test("what happened before a track has its number is told", arguments: [25.0, 12.5, 5])
  func beforeTheNumber(rate: Double) throws {
    // Crosses the line 0.15 seconds after it appears, before any track is reported.
    let events = try events(rate: rate, frames: 40, score: { _ in 0.9 }, x: { 470 + 200 * $0 })
    let crossings = events.filter { if case .crossed = $0.kind { true } else { false } }
    #expect(crossings.count == 1)
    #expect(abs(try #require(crossings.first).time - 0.15) <= 1 / rate)
    let start = try #require(events.first { $0.kind == .started })
    #expect(start.time == 0 && start.frame == 0)
    #expect(events.contains { $0.kind == .entered(zone: "all", occupancy: 1) && $0.time == 0 })
  }

  @Test("low scores at first hide nothing, once the object is believed")
  func lowScores() throws {
    let events = try events(
      rate: 25, frames: 80, score: { $0 < 25 ? 0.5 : 0.9 }, x: { 400 + 125 * $0 })
    let crossings = events.filter { if case .crossed = $0.kind { true } else { false } }
    #expect(crossings.map { ($0.time * 25).rounded() } == [20])
  }

  @Test("what is kept of a track that never gets its number has a limit")
  func bounded() {
    var first = FirstSightings()
    let box = PixelBox(x: 0, y: 0, width: 10, height: 10)
    for index in 0..<5000 {
      first.add(EarlierSighting(time: Double(index) * 0.04, box: box, score: 0.3), of: 7)
    }
    first.confirm(7)
    let kept = first.ofConfirmed(7)
    #expect((200...250).contains(kept.count))
    #expect(kept.allSatisfy { $0.time >= 4999 * 0.04 - 10 })
    first.endFrame()
    #expect(first.ofConfirmed(7).isEmpty)
  }

  @Test("a change of the frame's size leaves tracks where they are", arguments: [false, true])
  func size(isOffline: Bool) {
    var tracker = AnyTracker(isOffline: isOffline)
    var frames: [[TrackedBox]] = []
    for index in 0..<200 {
      let scale = index < 100 ? 1.0 : 0.5
      let x = 200 + 2 * Double(index)
      let found = BoxObservation(
        box: PixelBox(x: x, y: 300, width: 60, height: 160).scaled(x: scale, y: scale), score: 0.9)
      frames += tracker.update(
        [found], at: Double(index) / 25,
        frame: FrameSize(width: 1000 * scale, height: 800 * scale))
    }
    frames += tracker.finish()
    #expect(frames.count == 200)
    #expect(Set(frames.flatMap { $0.map(\.trackID) }) == [1])
    for (index, objects) in frames.enumerated().dropFirst(10) {
      let scale = index < 100 ? 1.0 : 0.5
      let expected = (200 + 2 * Double(index)) * scale
      #expect(objects.count == 1 && abs(objects[0].box.x - expected) < 6 * scale)
    }
  }
}
