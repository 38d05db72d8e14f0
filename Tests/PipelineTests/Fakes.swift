import Foundation
import SSDLite
import Geometry
import Media
import Support

@testable import Pipeline

/// What a fake source sends from one opening to its end.
struct FakeConnection: Sendable {
  var openError: MediaError?
  var frames = 10
  /// Indices of frames that the analyzer can't scale.
  var unusable: Set<Int> = []
  var failedPackets = 0
  var repairedTimestamps = 0
  var shortfall: Shortfall?
  /// Thrown after the last frame.
  var error: MediaError?
  /// After the last frame it waits to be cancelled, like a camera that has gone silent.
  var isSilentAtEnd = false
  var duration: Double?
  /// Seconds of work per frame.
  var frameDelay = 0.0

  static func refused(_ code: MediaError.Code = .connectionRefused) -> FakeConnection {
    FakeConnection(openError: .fake(code), frames: 0)
  }
}

extension MediaError {
  static func fake(_ code: Code, isTransient: Bool = true) -> MediaError {
    MediaError(
      code, source: "fake", message: "It is a fake.", remedy: "None.", isTransient: isTransient)
  }
}

/// Counts what has entered and not left, and remembers the highest count.
final class Gauge: Sendable {
  private let state = Locked((now: 0, most: 0, total: 0))

  var now: Int { state.withLock { $0.now } }
  var most: Int { state.withLock { $0.most } }
  var total: Int { state.withLock { $0.total } }

  @discardableResult
  func enter() -> Int {
    state.withLock { state in
      state.now += 1
      state.total += 1
      state.most = max(state.most, state.now)
      return state.total
    }
  }

  func leave() { state.withLock { $0.now -= 1 } }
}

/// Opens fakes: each opening of a location takes its next connection; further ones are refused.
final class FakeOpener: FrameSourceOpener {
  private let connections: Locked<[String: [FakeConnection]]>
  private let opened = Locked([String]())
  /// Frames decoded and not yet at the sink.
  let inFlight = Gauge()
  /// Sources that were opened and not yet let go of.
  let atWork = Gauge()

  init(_ connections: [String: [FakeConnection]]) {
    self.connections = Locked(connections)
  }

  /// The locations in the order they were opened, failed openings included.
  var openings: [String] { opened.withLock { $0 } }

  func open(
    _ source: MediaSource, wantsAudio: Bool, cancellation: Cancellation
  ) throws(MediaError) -> any FrameSource {
    opened.withLock { $0.append(source.location) }
    let connection = connections.withLock { connections -> FakeConnection in
      guard let next = connections[source.location]?.first else { return .refused() }
      connections[source.location]?.removeFirst()
      return next
    }
    if let error = connection.openError { throw error }
    return FakeSource(connection, inFlight: inFlight, atWork: atWork, cancellation: cancellation)
  }
}

private final class FakeSource: FrameSource {
  private let connection: FakeConnection
  private let inFlight: Gauge
  private let atWork: Gauge
  private let cancellation: Cancellation
  private var position = 0

  init(
    _ connection: FakeConnection, inFlight: Gauge, atWork: Gauge, cancellation: Cancellation
  ) {
    self.connection = connection
    self.inFlight = inFlight
    self.atWork = atWork
    self.cancellation = cancellation
    atWork.enter()
  }

  deinit { atWork.leave() }

  let audio: AudioParameters? = nil
  var failedFrames: Int { connection.failedPackets }
  var repairedTimestamps: Int { connection.repairedTimestamps }
  var shortfall: Shortfall? { connection.shortfall }

  var info: StreamInfo {
    .fake(frames: connection.frames, duration: connection.duration)
  }

  func next() throws(MediaError) -> Frame? {
    if connection.frameDelay > 0 { Thread.sleep(forTimeInterval: connection.frameDelay) }
    guard position < connection.frames else {
      while connection.isSilentAtEnd && !cancellation.isCancelled {
        Thread.sleep(forTimeInterval: 0.001)
      }
      if cancellation.isCancelled { throw MediaError.fake(.cancelled, isTransient: false) }
      if let error = connection.error { throw error }
      return nil
    }
    defer { position += 1 }
    inFlight.enter()
    return Frame(
      index: position, pts: Int64(position), t: Double(position) / 25,
      width: connection.unusable.contains(position) ? 0 : 640, height: 480,
      isKeyframe: position % 5 == 0)
  }

  func takeAudio() -> [Packet] { [] }
}

/// Detects one object whose score depends on the frame, after a random delay.
struct FakeAnalyzers: FrameAnalyzerFactory {
  /// The longest a frame takes, in seconds.
  var delay = 0.0
  var made = Gauge()
  let sizes = [InputSize(width: 320, height: 240)]

  func makeAnalyzers() -> [any FrameAnalyzer] {
    made.enter()
    return [FakeAnalyzer(delay: delay)]
  }
}

private final class FakeAnalyzer: FrameAnalyzer {
  private let delay: Double
  private var random = SystemRandomNumberGenerator()
  private var index = 0

  init(delay: Double) {
    self.delay = delay
  }

  func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion {
    guard frame.width > 0 else { throw MediaError.fake(.unsupportedPixelFormat) }
    index = frame.index
    return region
  }

  func detect(timings: inout StageTimings) -> [Detection] {
    if delay > 0 { Thread.sleep(forTimeInterval: Double.random(in: 0...delay, using: &random)) }
    timings.inference.add(.milliseconds(1))
    let box = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    return [Detection(classID: 1, score: 1 / Float(index + 1), box: box)]
  }
}

/// Keeps the records it gets, and one line for each.
final class RecordingSink: ResultSink {
  private(set) var lines: [String] = []
  private(set) var starts: [SourceStart] = []
  private(set) var ends: [SourceEnd] = []
  private(set) var gaps: [Gap] = []
  private(set) var results: [FrameResult] = []
  private(set) var failures: [SinkError] = []
  private(set) var restorations = 0
  /// Called with each start before it is kept.
  var onStart: (SourceStart) throws -> Void = { _ in }
  /// Called with each result before it is kept.
  var onFrame: (FrameResult) throws -> Void = { _ in }
  /// Called with each gap after it was written down.
  var onGap: (Gap) -> Void = { _ in }
  /// Called with each end before it is kept.
  var onEnd: (SourceEnd) throws -> Void = { _ in }
  var sinkPolicy = SinkPolicy.required
  var inFlight: Gauge?
  var wantsPictures = false
  var wantsAudio = false

  func sourceStarted(_ start: SourceStart) throws {
    try onStart(start)
    starts.append(start)
    lines.append("start \(start.source)")
  }

  func frame(_ result: FrameResult) throws {
    inFlight?.leave()
    try onFrame(result)
    results.append(result)
    lines.append("\(result.source) \(result.index) \(result.detections.map(\.score))")
  }

  func gap(_ gap: Gap) {
    gaps.append(gap)
    lines.append("gap \(gap.source) \(gap.state) \(gap.reason?.code ?? "-") \(gap.frame)")
    onGap(gap)
  }

  func sourceEnded(_ end: SourceEnd) throws {
    try onEnd(end)
    ends.append(end)
    lines.append("end \(end.source) \(end.status) \(end.reason?.code ?? "-")")
  }

  func didFail(_ error: SinkError, retryIn delay: Double?) { failures.append(error) }

  func didRecover() { restorations += 1 }

  /// The end record of a source.
  func end(_ source: String) -> SourceEnd? { ends.first { $0.source == source } }
}

/// Options with small queues and short delays.
func fakeOptions(threads: Int = 2, queueCapacity: Int = 2) -> PipelineOptions {
  var options = PipelineOptions(
    detection: DetectionOptions(scoreThreshold: 0.5, iouThreshold: 0.5))
  options.threads = threads
  options.queueCapacity = queueCapacity
  options.livePolicy = .block
  options.reconnect = ReconnectPolicy(minimumDelay: 0.01, maximumDelay: 0.02)
  return options
}

func file(_ name: String) -> MediaSource {
  MediaSource(name: name, location: name, kind: .file)
}

func camera(_ name: String) -> MediaSource {
  MediaSource(name: name, location: name, kind: .live)
}
