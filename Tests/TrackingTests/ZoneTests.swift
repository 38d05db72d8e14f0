import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite("Zones and lines")
struct ZoneTests {
  private func points(_ numbers: [Double]) -> [Point] {
    stride(from: 0, to: numbers.count, by: 2).map { Point(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  private func zoneFault(_ numbers: [Double], _ unit: CoordinateUnit = .fractions) -> ZoneError
    .Code?
  {
    do throws(ZoneError) {
      _ = try Zone(name: "door", points: points(numbers), unit: unit)
      return nil
    } catch {
      #expect(error.subject == "zone 'door'" && !error.message.isEmpty && !error.remedy.isEmpty)
      return error.code
    }
  }

  @Test("polygons that can't be meant are refused, each with its code")
  func refusals() {
    #expect(zoneFault([0, 0, 1, 0, 1, 1]) == nil)
    #expect(zoneFault([]) == .tooFewPoints)
    #expect(zoneFault([0.1, 0.1, 0.2, 0.2]) == .tooFewPoints)
    #expect(zoneFault([0.1, 0.1, .nan, 0.2, 0.3, 0.1]) == .notFinite)
    #expect(zoneFault([0.1, 0.1, 0.2, .infinity, 0.3, 0.1]) == .notFinite)
    #expect(zoneFault([0.1, 0.1, 1.2, 0.2, 0.3, 0.1]) == .outside)
    #expect(zoneFault([0.1, -0.1, 0.2, 0.2, 0.3, 0.1]) == .outside)
    #expect(zoneFault([0, 0, 0, 0, 1, 0, 1, 1]) == .repeatedPoint)
    // Closed by hand: the last point is joined with the first anyway.
    #expect(zoneFault([0, 0, 1, 0, 1, 1, 0, 0]) == .repeatedPoint)
    #expect(zoneFault([0.1, 0.1, 0.2, 0.2, 0.3, 0.3]) == .noArea)
    // A bow tie, a corner on another edge, an edge that goes back on the one before it.
    #expect(zoneFault([0, 0, 1, 1, 1, 0, 0, 0.5]) == .selfCrossing)
    #expect(zoneFault([0, 0, 1, 0, 1, 1, 0.5, 0, 0, 1]) == .selfCrossing)
    // The two halves have opposite areas.
    #expect(zoneFault([0, 0, 1, 1, 1, 0, 0, 1]) == .selfCrossing)
    #expect(zoneFault([0, 0, 1, 0, 0.5, 0, 0.5, 1]) == .selfCrossing)
    #expect(zoneFault([0, 0, 300, 0, 300, 200], .pixels) == nil)
    #expect(zoneFault([0, 0, 300, 0, 300, -200], .pixels) == .outside)
    #expect(zoneFault((0..<2002).map { Double($0) / 2002 }) == .tooMany)
  }

  @Test("names have to be there, and to differ")
  func names() throws {
    let corners = points([0, 0, 1, 0, 1, 1])
    #expect(throws: ZoneError.self) { try Zone(name: "", points: corners) }
    #expect(throws: ZoneError.self) { try Zone(name: "a", points: corners, loiterTime: 0) }
    let line = try CountingLine(name: "a", points: points([0, 0, 1, 1]))
    let zone = try Zone(name: "a", points: corners)
    _ = try EventEngine(EventOptions(zones: [zone], lines: [line]))
    #expect(throws: ZoneError.self) { try EventEngine(EventOptions(zones: [zone, zone])) }
    #expect(throws: ZoneError.self) { try EventEngine(EventOptions(lines: [line, line])) }
  }

  @Test("lines need two different points, and may not cross themselves")
  func lines() throws {
    #expect(throws: ZoneError.self) { try CountingLine(name: "a", points: points([0.5, 0.5])) }
    #expect(throws: ZoneError.self) {
      try CountingLine(name: "a", points: points([0.5, 0.5, 0.5, 0.5]))
    }
    #expect(throws: ZoneError.self) {
      try CountingLine(name: "a", points: points([0, 0, 1, 1, 1, 0, 0, 1]))
    }
    _ = try CountingLine(name: "a", points: points([0, 0, 0.5, 0.2, 1, 0]))
  }

  @Test("pixels have to lie in the first frame, and move with the size of later ones")
  func pixels() throws {
    let zone = try Zone(name: "a", points: points([0, 0, 640, 0, 640, 360]), unit: .pixels)
    var small = try EventEngine(EventOptions(zones: [zone]))
    let error = #expect(throws: ZoneError.self) {
      try small.update([], at: 0, frame: 0, size: FrameSize(width: 320, height: 180))
    }
    #expect(error?.code == .outside)
    var engine = try EventEngine(EventOptions(zones: [zone]))
    _ = try engine.update([], at: 0, frame: 0, size: FrameSize(width: 640, height: 360))
    _ = try engine.update([], at: 1, frame: 1, size: FrameSize(width: 320, height: 180))
    #expect(engine.counts.zones.first?.points.last == Point(x: 320, y: 180))
    var whole = try EventEngine(
      EventOptions(zones: [try Zone(name: "a", points: points([0, 0, 1, 0, 1, 1]))]))
    let unknown = #expect(throws: ZoneError.self) { try whole.update([], at: 0, frame: 0) }
    #expect(unknown?.code == .noFrameSize)
  }

  @Test("a path crosses a line once, also through its corners and ends, whatever its steps")
  func crossings() {
    let edges = Edges(points: points([0, 0, 10, 0, 20, 0, 20, 10]), isClosed: false)
    func sum(_ way: [Double]) -> Int {
      let way = points(way)
      return zip(way, way.dropFirst()).reduce(0) { sum, step in
        edges.crossings(from: step.0, to: step.1).reduce(sum) { $0 + ($1.isToRight ? 1 : -1) }
      }
    }
    #expect(sum([5, -5, 5, 5]) == 1 && sum([5, 5, 5, -5]) == -1)
    #expect(sum([10, -5, 10, 5]) == 1 && sum([10, 5, 10, -5]) == -1)
    #expect(sum([5, -5, 5, 0, 5, 5]) == 1 && sum([5, -5, 5, 0, 5, -5]) == 0)
    #expect(sum([25, -5, 15, 5]) == 1 && sum([15, 5, 25, -5]) == -1)
    #expect(sum([-5, -5, -5, 5]) == 0)
    // Any way that ends where it began, through the corners of a line whose ends it can't reach.
    let long = Edges(
      points: points([-99, 0, 3, 0, 6, 0, 6, 6, 2, 9, 9, 9, 99, 9]), isClosed: false)
    var random = SplitMix64(seed: 4)
    for _ in 0..<500 {
      let way = (0..<12).map { _ in
        Point(
          x: Double(Int.random(in: -3...13, using: &random)),
          y: Double(Int.random(in: -3...13, using: &random)))
      }
      let total = zip(way, way.dropFirst() + [way[0]]).reduce(0) { sum, step in
        long.crossings(from: step.0, to: step.1).reduce(sum) { $0 + ($1.isToRight ? 1 : -1) }
      }
      #expect(total == 0, "\(way)")
    }
  }

  @Test("what is inside agrees with the area of random polygons")
  func inside() {
    var random = SplitMix64(seed: 8)
    for _ in 0..<20 {
      let angles = (0..<7).map { _ in Double.random(in: 0...6.28, using: &random) }.sorted()
      let corners = angles.map { angle in
        // Corners around the centre, at the angles of a table of sines.
        Point(x: 0.5 + 0.4 * sine(angle + 1.5708), y: 0.5 + 0.4 * sine(angle))
      }
      let edges = Edges(points: corners, isClosed: true)
      var count = 0
      for _ in 0..<20_000 {
        let point = Point(
          x: .random(in: 0...1, using: &random), y: .random(in: 0...1, using: &random))
        if edges.contains(point, tolerance: 0) { count += 1 }
      }
      #expect(abs(Double(count) / 20_000 - edges.area) < 0.015)
      for corner in corners { #expect(edges.contains(corner, tolerance: 1e-9)) }
    }
  }

  private func sine(_ angle: Double) -> Double {
    // Bhaskara's approximation is enough to draw a polygon.
    let turn = angle.truncatingRemainder(dividingBy: 2 * .pi)
    let half = turn.truncatingRemainder(dividingBy: .pi)
    let value = 16 * half * (.pi - half) / (5 * .pi * .pi - 4 * half * (.pi - half))
    return turn < .pi ? value : -value
  }
}
