import Dispatch
import Foundation
import SSDLite
import Testing
import Geometry
import Media
import Support

@testable import Pipeline

/// Detects one small object, which moves from frame to frame, in regions that are small enough to
/// show it.
private struct SmallThing: FrameAnalyzerFactory {
  /// The widest region in which the object is large enough to be seen, in pixels.
  var visibleWidth = 400
  var delay = 0.0
  /// Counts the tiles that are being analysed, and those that ever were.
  var tiles = Gauge()
  /// Called after each tile with its number, from 1.
  var onTile: @Sendable (Int) -> Void = { _ in }
  let sizes = [InputSize(width: 320, height: 240)]

  func makeAnalyzers() -> [any FrameAnalyzer] { [Analyzer(self)] }

  /// Where the object of a frame is, in pixels of a frame of 640 x 480.
  static func place(_ index: Int) -> PixelRegion {
    PixelRegion(x: 40 + index * 7 % 560, y: 30 + index * 11 % 420, width: 20, height: 20)
  }

  private final class Analyzer: FrameAnalyzer {
    private let thing: SmallThing
    private var seen: (index: Int, region: PixelRegion)?
    private var random = SystemRandomNumberGenerator()

    init(_ thing: SmallThing) { self.thing = thing }

    func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion {
      guard frame.width > 0 else { throw MediaError.fake(.unsupportedPixelFormat) }
      seen = (frame.index, region)
      return region
    }

    func detect(timings: inout StageTimings) -> [Detection] {
      guard let (index, region) = seen else { return [] }
      let count = thing.tiles.enter()
      if thing.delay > 0 {
        Thread.sleep(forTimeInterval: Double.random(in: 0...thing.delay, using: &random))
      }
      thing.tiles.leave()
      thing.onTile(count)
      timings.inference.add(.milliseconds(1))
      timings.postprocess.add(.milliseconds(1))
      let place = SmallThing.place(index)
      guard region.width <= thing.visibleWidth, place.x < region.x + region.width,
        place.x + place.width > region.x, place.y < region.y + region.height,
        place.y + place.height > region.y
      else { return [] }
      let (width, height) = (Float(region.width), Float(region.height))
      let box = BoundingBox(
        xMin: Float(place.x - region.x) / width, yMin: Float(place.y - region.y) / height,
        xMax: Float(place.x + place.width - region.x) / width,
        yMax: Float(place.y + place.height - region.y) / height)
      // Surest near the middle of the region, so that each tile has another score.
      let score = 1 - 0.5 * (abs(box.xMin - 0.5) + abs(box.yMin - 0.5))
      return [Detection(classID: 1, score: score, box: box.clipped)]
    }
  }
}

@Suite("Tiles in the pipeline", .timeLimit(.minutes(20)))
struct TilePipelineTests {
  private func run(
    _ analyzers: SmallThing, tiles: TileGrid?, threads: Int,
    _ connections: [String: [FakeConnection]], _ sources: [MediaSource], sink: RecordingSink
  ) -> RunSummary {
    var options = fakeOptions(threads: threads)
    if let tiles { options.tiles = tiles }
    options.reconnect.maximumAttempts = 0
    return DetectionPipeline(
      opener: FakeOpener(connections), analyzers: analyzers, options: options, sinks: [sink]
    ).run(sources)
  }

  @Test("an object that only a tile shows is detected, at its place in the frame")
  func smallObject() throws {
    let (without, with) = (RecordingSink(), RecordingSink())
    let connections = ["a": [FakeConnection(frames: 40)]]
    let summary = run(
      SmallThing(), tiles: TileGrid("2"), threads: 2, connections, [file("a")], sink: with)
    _ = run(SmallThing(), tiles: nil, threads: 2, connections, [file("a")], sink: without)
    #expect(without.results.count == 40 && with.results.count == 40)
    #expect(without.results.allSatisfy { $0.detections.isEmpty })
    for result in with.results {
      let place = SmallThing.place(result.index)
      let box = try #require(result.detections.first?.box, "frame \(result.index)")
      #expect(result.detections.count == 1, "detected in several tiles, reported once")
      for (edge, pixels) in [
        (box.xMin * 640, place.x), (box.yMin * 480, place.y), (box.xMax * 640, place.x + 20),
        (box.yMax * 480, place.y + 20),
      ] {
        #expect(abs(edge - Float(pixels)) < 0.01, "frame \(result.index)")
      }
    }
    // A frame counts once, with the time of its five tiles.
    #expect(summary.timings.inference.count == 40 && summary.timings.scale.count == 40)
    #expect(summary.timings.inference.total == .milliseconds(200))
    #expect(summary.timings.inference.maximum == .milliseconds(5))
    #expect(summary.timings.postprocess.total >= .milliseconds(200))
  }

  @Test("a sink sees the same results whatever the number of workers", arguments: [1, 2, 4, 7])
  func determinism(threads: Int) throws {
    func lines(_ threads: Int, delay: Double) -> RecordingSink {
      let sink = RecordingSink()
      let summary = run(
        SmallThing(delay: delay), tiles: TileGrid("2,3"), threads: threads,
        [
          "a": [FakeConnection(frames: 9, unusable: [2, 5])], "b": [.refused(.notFound)],
          "c": [FakeConnection(frames: 1)], "d": [FakeConnection(frames: 4)],
        ], ["a", "b", "c", "d"].map(file), sink: sink)
      #expect(summary.counts.isBalanced && summary.counts.failed == 2)
      return sink
    }
    let expected = lines(1, delay: 0)
    let seen = lines(threads, delay: 0.003)
    #expect(seen.lines == expected.lines)
    #expect(seen.results.map(\.detections) == expected.results.map(\.detections))
    #expect(expected.results.allSatisfy { !$0.detections.isEmpty })
  }

  @Test("the tiles of a single image are spread over all workers")
  func spreading() {
    let (analyzers, sink) = (SmallThing(delay: 0.02), RecordingSink())
    _ = run(
      analyzers, tiles: TileGrid("4"), threads: 4, ["a": [FakeConnection(frames: 1)]], [file("a")],
      sink: sink)
    #expect(sink.results.count == 1)
    #expect(analyzers.tiles.most == 4, "and never more than there are workers")
  }

  @Test("a camera's frame in work is finished before the next is begun")
  func urgency() {
    let queue = FairQueue<FakeWork>(lanes: [
      .init(capacity: 8, policy: .block, limit: 8, isUrgent: true)
    ])
    queue.push(FakeWork("a", parts: 2), lane: 0)
    queue.push(FakeWork("b", parts: 1), lane: 0)
    queue.close()
    var taken: [String] = []
    while let next = queue.take() { taken.append("\(next.element.name) \(next.number)") }
    #expect(taken == ["a 0", "a 0", "b 1"])
  }

  @Test("a file's next frame is begun before a consumer helps with another's")
  func frugality() {
    let queue = FairQueue<FakeWork>(lanes: [.init(capacity: 8, policy: .block, limit: 8)])
    for name in ["a", "b"] { queue.push(FakeWork(name, parts: 3), lane: 0) }
    queue.close()
    var taken: [String] = []
    while let next = queue.take() { taken.append("\(next.element.name) \(next.number)") }
    #expect(taken == ["a 0", "b 1", "a 0", "a 0", "b 1", "b 1"])
  }

  @Test("a cancelled run skips the tiles that have not been begun")
  func cancelling() throws {
    let (control, sink) = (PipelineControl(), RecordingSink())
    var analyzers = SmallThing()
    let stopped = DispatchGroup()
    stopped.enter()
    analyzers.onTile = { count in
      // The worker that stops the run may lose its core first: the others wait for it.
      guard count == 10 else { return count > 10 ? stopped.wait() : () }
      control.stop()
      control.stop()
      stopped.leave()
    }
    var options = fakeOptions(threads: 3)
    options.tiles = try #require(TileGrid("6,7,8"))
    _ = DetectionPipeline(
      opener: FakeOpener(["a": [FakeConnection(frames: 1000)]]), analyzers: analyzers,
      options: options, sinks: [sink], control: control
    ).run([file("a")])
    let end = try #require(sink.end("a"))
    #expect(end.status == .stopped && end.counts.isBalanced && end.counts.dropped > 0)
    // One frame alone has 150 tiles. Each of the other workers may have begun one by then.
    #expect(analyzers.tiles.total <= 12)
  }

  @Test("live sources and files share the workers, and every frame is accounted for")
  func mixture() throws {
    let sink = RecordingSink()
    let summary = run(
      SmallThing(delay: 0.001), tiles: TileGrid("3"), threads: 3,
      [
        "c": [FakeConnection(frames: 30, duration: 2, frameDelay: 0.001)],
        "d": [FakeConnection(frames: 30, duration: 2)], "f": [FakeConnection(frames: 30)],
      ], [camera("c"), camera("d"), file("f")], sink: sink)
    #expect(summary.counts.processed == 90 && summary.counts.isBalanced)
    for name in ["c", "d", "f"] {
      #expect(sink.results.filter { $0.source == name }.map(\.index) == Array(0..<30))
    }
  }

  @Test("a source states the grids of its frames if tiles were asked for")
  func recorded() {
    func tiles(_ grid: TileGrid, _ source: MediaSource) -> [Int]? {
      let sink = RecordingSink()
      _ = run(
        SmallThing(), tiles: grid, threads: 1,
        [source.location: [FakeConnection(frames: 1, duration: 1)]], [source], sink: sink)
      return sink.starts.first?.tiles
    }
    // 640 x 480 is twice the network's input; a tile takes no time at all.
    #expect(tiles(.auto, file("a")) == [2, 3] && tiles(.auto, camera("a")) == [2, 3])
    #expect(tiles(.none, file("a")) == nil)
  }
}

/// Work of several parts, each of which a consumer takes by joining.
private final class FakeWork: QueueElement, Sendable {
  let name: String
  let isShareable: Bool
  private let left: Locked<Int>

  init(_ name: String, parts: Int) {
    self.name = name
    isShareable = parts > 1
    left = Locked(parts - 1)
  }

  func join() -> Bool {
    left.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }
}
