import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite("Events")
struct EventTests {
  private let size = FrameSize(width: 1000, height: 1000)

  /// A way through the picture, in thousandths of its sides; `nil` while it isn't seen.
  private struct Walk {
    var id = 1
    var label = "person"
    var score = 0.9
    var foot: (Double) -> Point?

    func seen(at time: Double) -> SightedObject? {
      foot(time).map {
        SightedObject(
          trackID: id, box: PixelBox(x: $0.x - 20, y: $0.y - 100, width: 40, height: 100),
          score: score, label: label)
      }
    }
  }

  /// The events of walks of so many seconds.
  private func events(
    _ options: EventOptions, seconds: Double = 10, rate: Double = 25, _ walks: [Walk]
  ) throws -> [ObjectEvent] {
    var engine = try EventEngine(options)
    var events: [ObjectEvent] = []
    for index in 0..<Int(seconds * rate) {
      let time = Double(index) / rate
      events += try engine.update(
        walks.compactMap { $0.seen(at: time) }, at: time, frame: index, size: size)
    }
    events += engine.finish()
    #expect(engine.counts.zones.allSatisfy { $0.occupancy == 0 })
    return events
  }

  /// The middle of the picture.
  private func room(
    classes: Set<String>? = nil, anchor: BoxAnchor = .bottom, loiter: Double? = nil
  ) throws -> Zone {
    try Zone(
      name: "room",
      points: [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)].map { Point(x: $0.0, y: $0.1) },
      anchor: anchor, classes: classes, loiterTime: loiter)
  }

  /// From the left to the right, in the middle.
  private func door(classes: Set<String>? = nil) throws -> CountingLine {
    try CountingLine(
      name: "door", points: [Point(x: 0.2, y: 0.5), Point(x: 0.8, y: 0.5)], classes: classes)
  }

  private func crossings(_ events: [ObjectEvent]) -> [CountingLine.Direction] {
    events.compactMap {
      if case .crossed(_, let direction, _) = $0.kind { direction } else { nil }
    }
  }

  private func times(_ events: [ObjectEvent], _ word: String) -> [Double] {
    events.filter { "\($0.kind)".hasPrefix(word) }.map(\.time)
  }

  @Test("enters, leaves and dwell times fit the truth within a frame", arguments: [25.0, 5, 2])
  func visits(rate: Double) throws {
    // At 100 a second through the room from 3.5 to 5.5, back from 8.5 to 10.5.
    let walk = Walk { Point(x: 50 + 100 * ($0 < 7 ? $0 : 14 - $0), y: 500) }
    let found = try events(EventOptions(zones: [try room()]), seconds: 13, rate: rate, [walk])
    #expect(found.map(\.trackID).allSatisfy { $0 == 1 })
    let (enters, leaves) = (times(found, "entered"), times(found, "left"))
    #expect(enters.count == 2 && leaves.count == 2)
    for (time, truth) in zip(enters + leaves, [3.5, 8.5, 5.5, 10.5]) {
      #expect(abs(time - truth) < 1 / rate, "\(time) \(truth)")
    }
    for case .left(_, let dwell, let occupancy) in found.map(\.kind) {
      #expect(abs(dwell - 2) < 1e-6 && occupancy == 0)
    }
    for event in found {
      #expect(event.frame == Int((event.time * rate - 1e-6).rounded(.up)), "\(event)")
    }
    #expect(found.first?.kind == .started && found.first?.time == 0 && found.first?.frame == 0)
    #expect(found.first?.zones == [] && found.last?.zones == ["room"])
    let last = 13 - 1 / rate
    #expect(found.last?.kind == .ended(duration: last) && found.last?.time == last)
  }

  @Test("crossings count by direction")
  func directions() throws {
    let walk = Walk { Point(x: 500, y: 250 + 500 * ($0 < 5 ? $0 / 5 : (10 - $0) / 5)) }
    let found = try events(EventOptions(lines: [try door()]), [walk])
    #expect(crossings(found) == [.in, .out])
    #expect(times(found, "crossed").map { ($0 * 10).rounded() / 10 } == [2.5, 7.5])
    // Around the end of the line.
    let around = Walk { Point(x: 900, y: 250 + 50 * $0) }
    #expect(try crossings(events(EventOptions(lines: [try door()]), [around])) == [])
  }

  @Test("a foot that jitters on a line counts once, or not at all if it goes back")
  func jitter() throws {
    for seed in 1...30 {
      var random = SplitMix64(seed: UInt64(seed))
      func noise() -> Double { .random(in: -4...4, using: &random) }
      let through = Walk { time in
        let y = time < 2 ? 400 + 50 * time : time < 8 ? 500 : 500 + 50 * (time - 8)
        return Point(x: 500 + noise(), y: y + noise())
      }
      #expect(try crossings(events(EventOptions(lines: [try door()]), [through])) == [.in])
      let back = Walk { time in
        let y = time < 2 ? 400 + 50 * time : time < 8 ? 500 : 500 - 50 * (time - 8)
        return Point(x: 500 + noise(), y: y + noise())
      }
      #expect(try crossings(events(EventOptions(lines: [try door()]), [back])) == [])
      let along = Walk { Point(x: 220 + 56 * $0, y: 500 + noise()) }
      #expect(try crossings(events(EventOptions(lines: [try door()]), [along])).count <= 1)
      let border = Walk { time in
        Point(x: time < 5 ? 300 + 20 * time : 400 + noise(), y: 500 + noise())
      }
      let visits = try events(EventOptions(zones: [try room()]), [border])
      #expect(times(visits, "entered").count == 1 && times(visits, "left").count == 1)
    }
  }

  @Test("what jumps over a zone and a line between two frames has been there")
  func jumps() throws {
    let walk = Walk { Point(x: $0 < 5 ? 100 : 900, y: $0 < 5 ? 490 : 510) }
    let options = EventOptions(
      zones: [try room()],
      lines: [
        try CountingLine(name: "wall", points: [Point(x: 0.5, y: 1), Point(x: 0.5, y: 0)])
      ])
    let found = try events(options, rate: 1, [walk])
    #expect(crossings(found) == [.in])
    #expect(times(found, "entered").first.map { abs($0 - 4.375) < 1e-6 } == true)
    for case .left(_, let dwell, _) in found.map(\.kind) { #expect(abs(dwell - 0.25) < 1e-6) }
    #expect(times(found, "left").count == 1)
  }

  @Test("a track that ends in a zone leaves it when it was last seen")
  func endings() throws {
    let walk = Walk { $0 < 4 ? Point(x: 300 + 50 * $0, y: 500) : nil }
    let other = Walk(id: 2) { _ in Point(x: 900, y: 900) }
    var engine = try EventEngine(EventOptions(zones: [try room()]))
    var told: (time: Double, events: [ObjectEvent])?
    for index in 0..<400 {
      let time = Double(index) / 25
      let found = try engine.update(
        [walk, other].compactMap { $0.seen(at: time) }, at: time, frame: index, size: size)
      if found.contains(where: { "\($0.kind)".hasPrefix("left") }) { told = (time, found) }
      if (2.1...8.9).contains(time) || time > 9.1 {
        #expect(engine.counts.zones[0].occupancy == (time < 9 ? 1 : 0))
      }
    }
    let (time, found) = try #require(told)
    #expect(found.map(\.time) == [3.96, 3.96] && found.map(\.frame) == [99, 99])
    #expect((8.95...9.05).contains(time))
    #expect(found.last?.kind == .ended(duration: 3.96) && found.last?.zones == ["room"])
    #expect(engine.finish().map(\.trackID) == [2])
  }

  @Test("a crossing right before the end counts, at its time")
  func lastStep() throws {
    let walk = Walk { $0 < 4 ? Point(x: 500, y: 303 + 50 * $0) : nil }
    let found = try events(EventOptions(lines: [try door()]), [walk])
    #expect(crossings(found) == [.in])
    #expect(times(found, "crossed").allSatisfy { abs($0 - 3.94) < 1e-6 })
  }

  @Test("occupancy is the number of objects in a zone")
  func occupancy() throws {
    let walks = (1...4).map { id in
      Walk(id: id) { time in
        let inside = time >= Double(id) && time < Double(10 - id)
        return Point(x: inside ? 500 : 100, y: 450 + 20 * Double(id))
      }
    }
    let found = try events(EventOptions(zones: [try room()]), walks)
    let counts = found.compactMap { event -> Int? in
      switch event.kind {
      case .entered(_, let occupancy), .left(_, _, let occupancy): occupancy
      default: nil
      }
    }
    #expect(counts == [1, 2, 3, 4, 3, 2, 1, 0])
  }

  @Test("classes that a zone or a line doesn't name don't count")
  func classes() throws {
    let walks = ["person", "car", "dog"].enumerated().map { index, label in
      Walk(id: index + 1, label: label) { Point(x: 450 + Double(index) * 30, y: 300 + 50 * $0) }
    }
    let options = EventOptions(
      zones: [try room(classes: ["person", "dog"])], lines: [try door(classes: ["car"])])
    let found = try events(options, walks)
    #expect(
      Set(found.filter { "\($0.kind)".hasPrefix("entered") }.map(\.label)) == ["person", "dog"])
    #expect(found.filter { "\($0.kind)".hasPrefix("crossed") }.map(\.label) == ["car"])
  }

  @Test("an object counts once the median of its last scores is high enough, from its first frame")
  func confirmation() throws {
    let zone = try room()
    let inside = { (_: Double) -> Point? in Point(x: 500, y: 500) }
    #expect(try events(EventOptions(zones: [zone]), [Walk(score: 0.4, foot: inside)]) == [])
    let short = Walk { $0 < 0.06 ? Point(x: 500, y: 500) : nil }
    #expect(try events(EventOptions(zones: [zone]), [short]) == [])
    var engine = try EventEngine(EventOptions(zones: [zone]))
    var found: [ObjectEvent] = []
    for index in 0..<20 {
      let object = SightedObject(
        trackID: 1, box: PixelBox(x: 480, y: 400, width: 40, height: 100),
        score: index < 5 ? 0.2 : 0.9, label: "cat")
      let new = try engine.update([object], at: Double(index) / 9, frame: index, size: size)
      // The lower of the two middle ones of ten.
      if !new.isEmpty { #expect(index == 10) }
      found += new
    }
    #expect(found.map(\.kind) == [.started, .entered(zone: "room", occupancy: 1)])
    #expect(found.map(\.time) == [0, 0] && found.allSatisfy { $0.label == "cat" })
  }

  @Test("an object that stands still is stationary after ten seconds, jitter or not")
  func stationary() throws {
    var random = SplitMix64(seed: 6)
    let walk = Walk { time in
      func noise() -> Double { .random(in: -4...4, using: &random) }
      return Point(x: 300 + noise() + 100 * max(time - 15, 0), y: 500 + noise())
    }
    let found = try events(EventOptions(), seconds: 20, [walk])
    #expect(found.map { "\($0.kind)".prefix(5) } == ["start", "stopp", "moved", "ended"])
    #expect(abs(found[1].time - 10) < 0.05 && found[1].isStationary)
    #expect((15...16.5).contains(found[2].time) && !found[2].isStationary)
  }

  @Test("loitering is told once, after its time")
  func loitering() throws {
    let walk = Walk { Point(x: $0 < 2 ? 100 : 500, y: 500) }
    let found = try events(EventOptions(zones: [try room(loiter: 3)]), rate: 4, [walk])
    let times = times(found, "loitered")
    #expect(times.count == 1 && abs(times[0] - 4.875) < 0.13, "\(times)")
  }

  @Test("the border of the picture belongs to a zone that touches it")
  func pictureBorder() throws {
    let zone = try Zone(
      name: "room",
      points: [(0.0, 0.5), (1, 0.5), (1, 1), (0, 1)].map { Point(x: $0.0, y: $0.1) })
    var random = SplitMix64(seed: 2)
    let walk = Walk { _ in
      Point(x: .random(in: 0...1000, using: &random), y: Bool.random(using: &random) ? 1000 : 800)
    }
    let found = try events(EventOptions(zones: [zone]), [walk])
    #expect(times(found, "entered") == [0] && times(found, "left").count == 1)
  }

  @Test("a predicted box changes nothing; a track that comes back has another id")
  func returns() throws {
    var engine = try EventEngine(EventOptions(zones: [try room()]))
    var found: [ObjectEvent] = []
    for index in 0..<100 {
      let isSeen = index < 10 || index >= 80
      let object = SightedObject(
        trackID: 3, box: PixelBox(x: isSeen ? 100 : 480, y: 400, width: 40, height: 100),
        score: 0.9, label: "a", isPredicted: !isSeen)
      found += try engine.update([object], at: Double(index) / 10, frame: index, size: size)
    }
    found += engine.finish()
    #expect(found.map(\.appearance) == [1, 1, 2, 2])
    #expect(found.map(\.time) == [0, 0.9, 8, 9.9])
  }

  @Test("numbers that make no sense do no harm")
  func nonsense() throws {
    var engine = try EventEngine(EventOptions(zones: [try room()], lines: [try door()]))
    let wild = [Double.nan, .infinity, -.infinity, 0, -1, 1e300, 1e-300, 500]
    for (index, x) in wild.enumerated() {
      for y in wild {
        for time in wild {
          let object = SightedObject(
            trackID: Int.random(in: -1...1), box: PixelBox(x: x, y: y, width: y, height: x),
            score: time, label: "")
          _ = try engine.update([object, object], at: time, frame: index, size: size)
        }
      }
    }
    _ = engine.finish()
    #expect(engine.counts.zones[0].occupancy == 0)
  }
}
