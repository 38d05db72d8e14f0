import StreamDetect
import Testing

@Suite("Events of boxes that others found")
struct EventFinderTests {
  /// Someone who walks to the right, 10 pixels a frame, with feet at 60 of 100 x 100.
  private func walker(_ index: Int, track: Int? = 7, isPredicted: Bool = false) -> DetectedObject {
    DetectedObject(
      label: "person", classID: 1, confidence: 0.9,
      relativeBox: RelativeRectangle(x: 0.05 * Double(index), y: 0.4, width: 0.1, height: 0.2),
      width: 100, height: 100, trackID: track, isPredicted: isPredicted)
  }

  private let door = Zone(
    name: "door", points: [(0.3, 0.5), (0.5, 0.5), (0.5, 0.7), (0.3, 0.7)], classes: ["person"])
  private let gate = CountingLine(name: "gate", points: [(0.62, 1), (0.62, 0)])

  @Test("a walk through a zone and across a line is told, and the rest at the end")
  func walk() throws {
    var finder = try EventFinder(zones: [door], lines: [gate], source: "camera")
    var events: [ObjectEvent] = []
    var inside: [Int] = []
    for index in 0..<16 {
      events += try finder.events(
        of: [walker(index), walker(index, track: nil)], at: Double(index) / 10, frame: index,
        width: 100, height: 100)
      if finder.zones(of: 7) == ["door"] { inside.append(index) }
    }
    events += finder.finish()
    #expect(events.allSatisfy { $0.id == "camera-7" && $0.label == "person" })
    // The middle of the feet is at 0.05 + 0.05 for each frame: in from 5 to 9.
    #expect(inside.first == 5 && (9...10).contains(inside.last ?? 0), "\(inside)")
    let kinds = events.map(\.kind)
    #expect(kinds.first == .started && kinds.contains(.entered(zone: "door", occupancy: 1)))
    #expect(kinds.contains(.crossed(line: "gate", direction: .in, total: 1)))
    if case .ended(let duration) = kinds.last {
      #expect(abs(duration - 1.5) < 1e-9)
    } else {
      Issue.record("the walk has no end")
    }
    let leave = events.first { if case .left = $0.kind { true } else { false } }
    #expect(abs((leave?.time ?? 0) - 0.9) < 0.01)
    // Begun anew.
    #expect(finder.finish().isEmpty && finder.zones(of: 7).isEmpty)
  }

  @Test("other classes don't count, and predicted boxes change nothing")
  func passedOver() throws {
    var other = door
    other.classes = ["car"]
    var finder = try EventFinder(zones: [other])
    var kinds: [ObjectEvent.Kind] = []
    for index in 0..<16 {
      kinds += try finder.events(
        of: [walker(index, isPredicted: index > 7)], at: Double(index) / 10, frame: index,
        width: 100, height: 100
      ).map(\.kind)
    }
    kinds += finder.finish().map(\.kind)
    #expect(kinds.count == 2 && kinds.first == .started)
    if case .ended(let duration) = kinds.last { #expect(abs(duration - 0.7) < 1e-9) }
  }

  @Test("what can't be used is refused: at once, or with the first frame")
  func refusals() throws {
    for zones in [[Zone(name: "a", points: [(0, 0), (1, 1)])], [door, door]] {
      #expect(throws: StreamDetectError.self) { try EventFinder(zones: zones) }
    }
    #expect(throws: StreamDetectError.self) { try EventFinder(confidence: 1.5) }
    let far = CountingLine(name: "far", points: [(0, 0), (900, 0)], unit: .pixels)
    var finder = try EventFinder(lines: [far])
    #expect(throws: StreamDetectError.self) {
      try finder.events(of: [], at: 0, frame: 0, width: 100, height: 100)
    }
  }
}
