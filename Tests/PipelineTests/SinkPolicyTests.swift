import Dispatch
import Foundation
import Geometry
import SSDLite
import Support
import Testing

@testable import Pipeline
@testable import Media

/// What a slow or failing sink means for the run and for the other sinks.
@Suite(.timeLimit(.minutes(20)))
struct SinkPolicyTests {
  private static let keepsTrying = SinkPolicy(
    failure: .keepsTrying(ReconnectPolicy(minimumDelay: 0.01, maximumDelay: 0.02)),
    whenFull: .block)

  private func run(
    frames: Int = 100, frameDelay: Double = 0, sinks: [any ResultSink]
  ) -> RunSummary {
    DetectionPipeline(
      opener: FakeOpener(["a": [FakeConnection(frames: frames, frameDelay: frameDelay)]]),
      analyzers: FakeAnalyzers(), options: fakeOptions(), sinks: sinks
    ).run([file("a")])
  }

  private func recordingSink(_ policy: SinkPolicy) -> RecordingSink {
    let sink = RecordingSink()
    sink.sinkPolicy = policy
    return sink
  }

  @Test("a slow sink doesn't hold up another until its queue is full")
  func slowSink() {
    let (quick, slow) = (RecordingSink(), RecordingSink())
    let (third, ahead) = (DispatchSemaphore(value: 0), Gauge())
    let wasAhead = Locked(false)
    quick.onFrame = { result in
      ahead.enter()
      if result.index == 3 { third.signal() }
    }
    slow.onFrame = { result in
      // Frame 0 is being written, two frames wait, and for one there is no room.
      if result.index == 0 {
        let isAhead = third.wait(timeout: .now() + 60) == .success
        wasAhead.withLock { $0 = isAhead }
      }
      Thread.sleep(forTimeInterval: 0.001)
      ahead.leave()
    }
    let summary = run(sinks: [quick, slow])
    #expect(wasAhead.withLock { $0 })
    #expect(ahead.most <= 4, "the run didn't wait for the slow sink")
    #expect(quick.results.count == 100 && slow.results.count == 100)
    #expect(summary.outputs.map(\.written) == [100, 100])
    #expect(summary.outputs.allSatisfy { $0.missed == 0 && $0.failures == 0 && $0.error == nil })
  }

  @Test(
    "a slow view misses frames, and no other sink does",
    arguments: [QueuePolicy.latest, .dropOldest])
  func slowView(whenFull: QueuePolicy) {
    let every = RecordingSink()
    let view = recordingSink(SinkPolicy(failure: .endsRun, whenFull: whenFull))
    view.onFrame = { _ in Thread.sleep(forTimeInterval: 0.005) }
    let summary = run(frames: 200, frameDelay: 0.0005, sinks: [view, every])
    #expect(every.results.count == 200)
    #expect(summary.outputs[0].missed > 0)
    #expect(summary.outputs[0].written + summary.outputs[0].missed == 200)
    #expect(view.results.count == summary.outputs[0].written)
    #expect(view.results.last?.index == 199, "the newest frame is never dropped")
    #expect(view.lines.first == "start a" && view.lines.last == "end a complete -")
    #expect(summary.counts.dropped == 0, "the frames were processed")
  }

  @Test("a sink that keeps trying is restored; the run goes on and others miss nothing")
  func restored() {
    let (other, stream) = (RecordingSink(), recordingSink(Self.keepsTrying))
    stream.onFrame = { result in
      if result.index == 5 { throw SinkError(.outputFailed, "The receiver has gone.") }
    }
    let summary = run(frameDelay: 0.002, sinks: [stream, other])
    #expect(summary.outputError == nil && summary[.complete] == 1)
    #expect(other.results.map(\.index) == Array(0..<100))
    #expect(stream.failures == [SinkError(.outputFailed, "The receiver has gone.")])
    #expect(stream.restorations == 1 && stream.starts.count == 2)
    #expect(stream.results.prefix(5).map(\.index) == Array(0..<5))
    #expect(stream.results.last?.index == 99 && stream.lines.last == "end a complete -")
    let report = summary.outputs[0]
    #expect(report.failures == 1 && report.error == stream.failures.first)
    #expect(report.missed >= 1 && report.missed + report.written == 100)
    #expect(report.written == stream.results.count)
  }

  @Test("a receiver that is never there is tried again and again, and the report says so")
  func neverThere() {
    let (other, stream) = (RecordingSink(), recordingSink(Self.keepsTrying))
    stream.onStart = { _ in throw SinkError(.outputFailed, "No receiver.") }
    let summary = run(frameDelay: 0.002, sinks: [stream, other])
    #expect(summary.outputError == nil && other.results.count == 100)
    #expect(stream.failures.count > 1 && stream.lines.isEmpty)
    #expect(summary.outputs[0].failures == stream.failures.count)
    #expect(summary.outputs[0].missed == 100 && summary.outputs[0].written == 0)
  }

  @Test("no sink waits while another one's attempt hangs")
  func hangingAttempt() {
    let (other, stream) = (RecordingSink(), recordingSink(Self.keepsTrying))
    let (last, attempts) = (DispatchSemaphore(value: 0), Gauge())
    let wentOn = Locked(false)
    stream.onStart = { _ in
      attempts.enter()
      guard attempts.most == 2 else { throw SinkError(.outputFailed, "No receiver.") }
      wentOn.withLock { $0 = last.wait(timeout: .now() + 60) == .success }
    }
    other.onFrame = { if $0.index == 99 { last.signal() } }
    let summary = run(frameDelay: 0.002, sinks: [stream, other])
    #expect(wentOn.withLock { $0 })
    #expect(attempts.most == 2 && stream.restorations == 1)
    #expect(summary.outputs[0].missed + summary.outputs[0].written == 100)
  }

  @Test("what can't be written as asked for ends the run under any policy")
  func unsupported() {
    let stream = recordingSink(Self.keepsTrying)
    stream.onStart = { _ in throw SinkError(.unsupported, "No such codec.") }
    let summary = run(frames: 100_000, sinks: [stream, RecordingSink()])
    #expect(summary.outputError == SinkError(.unsupported, "No such codec."))
    #expect(summary.counts.decoded < 100_000)
  }

  @Test("lost results count more than a reader that has gone")
  func severalFailures() {
    let (pipe, disk) = (RecordingSink(), RecordingSink())
    pipe.onFrame = { _ in throw SinkError(.brokenPipe, "The reader has gone.") }
    disk.onEnd = { _ in throw SinkError(.outputFailed, "No space is left.") }
    #expect(run(sinks: [pipe, disk]).outputError?.kind == .outputFailed)
  }

  @Test("records of a source reach the sinks while all workers are busy")
  func recordsPassWorkers() {
    final class Busy: FrameAnalyzerFactory {
      let sizes = [InputSize(width: 320, height: 240)]
      let started = DispatchSemaphore(value: 0)
      let hasStarted = Locked(false)
      func makeAnalyzers() -> [any FrameAnalyzer] { [Analyzer(self)] }

      final class Analyzer: FrameAnalyzer {
        let busy: Busy
        init(_ busy: Busy) { self.busy = busy }
        func prepare(_ frame: Frame, region: PixelRegion) -> PixelRegion { region }
        func detect(timings: inout StageTimings) -> [Detection] {
          let hasStarted = busy.started.wait(timeout: .now() + 60) == .success
          busy.hasStarted.withLock { $0 = hasStarted }
          return []
        }
      }
    }
    let (busy, sink) = (Busy(), RecordingSink())
    sink.onStart = { if $0.source == "late" { busy.started.signal() } }
    var options = fakeOptions(threads: 1)
    options.reconnect.maximumAttempts = 0
    let connections = [
      "early": [FakeConnection(frames: 1, duration: 1)],
      "late": [FakeConnection(frames: 0, duration: 1, frameDelay: 0.1)],
    ]
    _ = DetectionPipeline(
      opener: FakeOpener(connections), analyzers: busy, options: options, sinks: [sink]
    ).run([camera("early"), camera("late")])
    #expect(busy.hasStarted.withLock { $0 })
    #expect(sink.end("early")?.counts.processed == 1)
  }
}
