import Foundation
import StreamDetect
import TestSupport
import Testing

/// Events of the library, with a model whose objects are noise that stays in its place.
@Suite
struct EventStreamTests {
  @Test("objects come, enter zones, leave them and go, in the loop as in the frames")
  func events() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = Source(try folder.addNoise(frames: 30, width: 64, height: 64))
    var options = ObjectOptions(confidence: 0)
    options.zones = [Zone(name: "all", points: [(0, 0), (1, 0), (1, 1), (0, 1)])]
    options.tracking = TrackingOptions()
    options.tracking?.confidence = 0
    options.tracking?.minimumDuration = 0
    var events: [ObjectEvent] = []
    for try await event in detector.events(of: [clip], options: options) { events.append(event) }
    let starts = events.filter { $0.kind == .started }
    #expect(!starts.isEmpty && Set(starts.map(\.id)).count == starts.count)
    for start in starts {
      let own = events.filter { $0.id == start.id }
      #expect(own.first?.kind == .started)
      if case .ended(let duration) = own.last?.kind {
        #expect(duration >= 0 && own.last?.time ?? -1 >= start.time)
      } else {
        Issue.record("\(start.id) has no end")
      }
      #expect(own.contains { if case .entered("all", _) = $0.kind { true } else { false } })
      #expect(own.last?.zones == ["all"])
    }
    var told: [ObjectEvent] = []
    var zones: Set<String> = []
    for try await frame in detector.frames(of: [clip], options: options) {
      told += frame.events
      for object in frame.objects { zones.formUnion(object.zones) }
    }
    // Those of the end have no frame.
    #expect(told == Array(events.prefix(told.count)) && told.count < events.count)
    #expect(zones == ["all"])
  }

  @Test("zones that can't be used are refused when the loop begins")
  func refusals() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = Source(try folder.addNoise(frames: 2, width: 32, height: 32))
    let corners = [(0.0, 0.0), (1, 0), (1, 1)]
    for zones in [
      [Zone(name: "a", points: [(0, 0), (1, 1)])],
      [Zone(name: "a", points: corners, classes: ["no such thing"])],
      [Zone(name: "a", points: corners), Zone(name: "a", points: corners)],
    ] {
      let events = detector.events(of: [clip], options: ObjectOptions(zones: zones))
      await #expect(throws: StreamDetectError.self) { for try await _ in events {} }
    }
    // Known when the first frame is.
    let far = Zone(name: "a", points: [(0, 0), (99, 0), (99, 99)], unit: .pixels)
    let events = detector.events(of: [clip], options: ObjectOptions(zones: [far]))
    await #expect(throws: StreamDetectError.self) { for try await _ in events {} }
  }
}
