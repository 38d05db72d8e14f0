import Geometry
import SSDLite
import TestSupport
import Testing
import Tracking

@testable import Pictures
@testable import Pipeline

@Suite("Tracks of results")
struct ResultTrackerTests {
  /// Two objects, of which the second isn't found in every fifth frame.
  private func result(_ index: Int, score: Float = 0.9) -> FrameResult {
    let step = Float(index) * 0.005
    var detections = [
      Detection(
        classID: 3, score: score,
        box: BoundingBox(xMin: 0.1 + step, yMin: 0.2, xMax: 0.2 + step, yMax: 0.6))
    ]
    if index % 5 != 4 {
      detections.append(
        Detection(
          classID: 7, score: 0.8, box: BoundingBox(xMin: 0.7, yMin: 0.5, xMax: 0.9, yMax: 0.7)))
    }
    return FrameResult(
      source: "a", index: index, pts: nil, t: Double(index) / 10, width: 640, height: 360,
      detections: detections)
  }

  @Test("detections get numbers, missing ones are predicted, and scores keep falling")
  func numbers() {
    var tracker = ResultTracker(ObjectTracking())
    for index in 0..<40 {
      let finished = tracker.track(result(index))
      #expect(finished.count == 1)
      let tracked = finished[0]
      #expect(tracked.tracks.count == tracked.detections.count)
      #expect(tracked.detections.map(\.score) == tracked.detections.map(\.score).sorted(by: >))
      guard index > 3 else { continue }
      #expect(tracked.detections.map(\.classID) == [3, 7])
      #expect(tracked.tracks.compactMap(\.?.id) == [1, 2])
      #expect(tracked.track(of: 1)?.isPredicted == (index % 5 == 4))
      #expect(iou(tracked.detections[0].box, result(index).detections[0].box) > 0.85)
    }
  }

  @Test("boxes can be left as they were found")
  func unsmoothed() {
    var tracker = ResultTracker(ObjectTracking(smoothsBoxes: false))
    for index in 0..<20 where index % 5 != 4 {
      #expect(tracker.track(result(index)).map(\.detections) == [result(index).detections])
    }
  }

  @Test("offline, every result comes once, in order, with what is known later")
  func offline() {
    var tracker = ResultTracker(ObjectTracking(isOffline: true))
    var finished: [FrameResult] = []
    var mostWaiting = 0
    for index in 0..<400 {
      finished += tracker.track(result(index % 100 + index / 100 * 1000))
      mostWaiting = max(mostWaiting, index + 1 - finished.count)
    }
    #expect(finished.count > 200 && mostWaiting < 100)
    finished += tracker.finish()
    #expect(finished.map(\.index) == (0..<400).map { $0 % 100 + $0 / 100 * 1000 })
    // Online an object gets its number after some frames, offline in the first.
    #expect(finished[0].tracks.compactMap(\.?.id).sorted() == [1, 2])
    #expect(finished[4].tracks.compactMap(\.?.isPredicted).contains(true))
    #expect(tracker.finish().isEmpty)
  }

  /// Two people who stand before a wall, seen by a camera that shakes: up to 35 pixels from one
  /// frame to the next, as wide as they are.
  private func shaken(_ index: Int, hasLuma: Bool) -> FrameResult {
    let phase = Double(index % 20)
    let shift = (phase < 10 ? phase : 20 - phase) * 35 - 175
    let boxes = [0.35, 0.6].map { left in
      let x = Float(left + shift / 1280)
      return BoundingBox(xMin: x, yMin: 0.4, xMax: x + 35 / 1280, yMax: 0.55)
    }
    var result = FrameResult(
      source: "a", index: index, pts: nil, t: Double(index) / 25, width: 1280, height: 720,
      detections: boxes.map { Detection(classID: 1, score: 0.9, box: $0) })
    guard hasLuma else { return result }
    var pixels: [UInt8] = []
    for row in 0..<150 {
      for column in 0..<200 {
        // The bricks of the wall have greys of their own.
        let brick = (Int(Double(column) * 6.4 - shift) + 2400) / 24
        var random = SplitMix64(seed: UInt64(brick * 1000 + row / 6))
        pixels.append(UInt8(random.next() % 200))
      }
    }
    result.origin.luma = LumaImage(width: 200, height: 150, pixels: pixels)
    return result
  }

  @Test("the pictures tell how the camera moves, where the boxes can't")
  func shaking() {
    func numbers(hasLuma: Bool) -> [[Int]] {
      var tracker = ResultTracker(ObjectTracking())
      return (0..<200).flatMap { index in
        tracker.track(shaken(index, hasLuma: hasLuma)).map { result in
          #expect(result.origin.luma == nil)
          return zip(result.tracks, result.detections).compactMap { track, _ in
            track.flatMap { $0.isPredicted ? nil : $0.id }
          }.sorted()
        }
      }
    }
    #expect(numbers(hasLuma: true).dropFirst(10).allSatisfy { $0 == [1, 2] })
    #expect(!numbers(hasLuma: false).dropFirst(10).allSatisfy { $0 == [1, 2] })
  }

  @Test("what isn't tracked stays as it was, without a track")
  func untracked() {
    var tracker = ResultTracker(ObjectTracking())
    for index in 0..<20 where index % 5 == 4 {
      let weak = result(index, score: 0.3)
      let tracked = tracker.track(weak)[0]
      #expect(tracked.detections == weak.detections && tracked.tracks == [nil])
      #expect(tracked.track(of: 0) == nil && weak.track(of: 0) == nil)
    }
  }

  @Test("events go with the results in which they are known, and the rest with the end")
  func events() throws {
    let zone = try Zone(
      name: "left",
      points: [Point(x: 0, y: 0), Point(x: 0.2, y: 0), Point(x: 0.2, y: 1)]
        + [Point(x: 0, y: 1)])
    var tracking = ObjectTracking()
    tracking.events = try EventEngine(EventOptions(zones: [zone]))
    tracking.className = { "class \($0)" }
    var tracker = ResultTracker(tracking)
    var events: [ObjectEvent] = []
    for index in 0..<40 {
      var tracked = tracker.track(result(index))[0]
      try tracker.findEvents(&tracked)
      events += tracked.events
      // Its middle is at 0.15 + 0.005 for each frame.
      let isInside = tracked.track(of: 0)?.zones == ["left"]
      if (5...8).contains(index) || index > 14 { #expect(isInside == (index < 9), "\(index)") }
      #expect(tracked.zoneCounts?.zones.map(\.name) == ["left"])
    }
    events += tracker.finishEvents()
    #expect(events.filter { $0.kind == .started }.map(\.label) == ["class 3", "class 7"])
    let enter = events.first { $0.kind == .entered(zone: "left", occupancy: 1) }
    #expect(enter?.trackID == 1)
    let leave = events.first { if case .left = $0.kind { true } else { false } }
    #expect(abs((leave?.time ?? 0) - 1) < 0.15)
    #expect(tracker.finishEvents() == [])
  }

  @Test("a zone that isn't in the picture fails the frame")
  func misfits() throws {
    let corners = [Point(x: 0, y: 0), Point(x: 900, y: 0), Point(x: 900, y: 10)]
    var tracking = ObjectTracking()
    tracking.events = try EventEngine(
      EventOptions(zones: [Zone(name: "a", points: corners, unit: .pixels)]))
    var tracker = ResultTracker(tracking)
    for index in 0..<2 {
      var tracked = tracker.track(result(index))[0]
      let error = #expect(throws: ZoneError.self) { try tracker.findEvents(&tracked) }
      #expect(error?.code == .outside)
    }
  }
}
