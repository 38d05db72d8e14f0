import Foundation
import SSDLite
import TestSupport
import Testing
import Geometry
import Media

@testable import Pipeline

/// The pipeline on real media, with a fake instead of the network.
@Suite(.timeLimit(.minutes(20)), .requires(.media))
struct MediaPipelineTests {
  private func run(
    _ clips: [String], wantsAudio: Bool = false,
    analyzers: any FrameAnalyzerFactory = FakeAnalyzers(),
    change: (inout PipelineOptions) -> Void = { _ in }
  ) -> RecordingSink {
    var options = fakeOptions()
    change(&options)
    let sink = RecordingSink()
    sink.wantsAudio = wantsAudio
    _ = DetectionPipeline(
      opener: MediaOpener(options: options), analyzers: analyzers, options: options, sinks: [sink]
    ).run(clips.map { MediaSource(name: $0, location: media($0), kind: .file) })
    return sink
  }

  @Test("a clip of each kind of damage ends with its status, reason and balanced frames")
  func traps() {
    let sink = run([
      "plain.mp4", "vfr.mkv", "size-change.ts", "image.png", "corrupt.mp4", "cut.mp4", "cut.mkv",
      "cut-moov.mp4", "zero.mp4", "text.mp4", "audio-only.m4a", "jump-back.ts", "directory.mp4",
    ])
    #expect(
      sink.ends.map { "\($0.source) \($0.status) \($0.reason?.code ?? "-")" } == [
        "plain.mp4 complete -", "vfr.mkv complete -", "size-change.ts complete -",
        "image.png complete -", "corrupt.mp4 complete -", "cut.mp4 truncated truncated",
        "cut.mkv truncated truncated", "cut-moov.mp4 failed invalid_data",
        "zero.mp4 failed empty", "text.mp4 failed invalid_data",
        "audio-only.m4a failed no_video", "jump-back.ts complete -",
        "directory.mp4 failed is_directory",
      ])
    #expect(sink.ends.allSatisfy { $0.counts.isBalanced })
    #expect(sink.end("plain.mp4")?.counts.processed == 50)
    #expect(sink.end("corrupt.mp4")?.counts.decoded == 50)
    #expect(sink.end("jump-back.ts")?.ptsRepaired ?? 0 > 0)
    for (_, results) in Dictionary(grouping: sink.results, by: \.source) {
      #expect(results.map(\.index) == Array(0..<results.count))
      #expect(results.map(\.t) == results.map(\.t).sorted())
    }
  }

  @Test("no audio is lost, whatever frames are left out", arguments: [1, 7, 1000])
  func audio(stride: Int) throws {
    let sink = run(["plain.mp4"], wantsAudio: true) { $0.selection.rate = .stride(stride) }
    let packets = sink.results.flatMap(\.audio) + (sink.end("plain.mp4")?.audio ?? [])
    let reader = try VideoReader(
      media("plain.mp4"),
      options: {
        var options = InputOptions()
        options.keepsAudio = true
        return options
      }())
    var expected: [Packet] = []
    while try reader.next() != nil { expected += reader.takeAudioPackets() }
    expected += reader.takeAudioPackets()
    #expect(!expected.isEmpty && packets.map(\.pts) == expected.map(\.pts))
    #expect(run(["plain.mp4"]).results.allSatisfy { $0.audio.isEmpty })
  }

  @Test("the picture is released before the frame is analysed")
  func picturesAreReleased() {
    let released = Gauge()
    final class Analyzer: FrameAnalyzer {
      weak var picture: VideoFrame?
      let released: Gauge
      init(_ released: Gauge) { self.released = released }
      func prepare(_ frame: Frame, region: PixelRegion) -> PixelRegion {
        picture = frame.picture
        return region
      }
      func detect(timings: inout StageTimings) -> [Detection] {
        // The decode stage releases it a moment after it has sent it.
        if waitUntil({ picture == nil }) { released.enter() }
        return []
      }
    }
    struct Analyzers: FrameAnalyzerFactory {
      let released: Gauge
      let sizes = [InputSize(width: 320, height: 240)]
      func makeAnalyzers() -> [any FrameAnalyzer] { [Analyzer(released)] }
    }
    let sink = run(["marker.mp4"], analyzers: Analyzers(released: released))
    #expect(sink.results.count == 10 && released.most == 10)
  }

  @Test("a live source that refuses fails with a reason to try again, once no attempt is left")
  func refused() throws {
    let closed = try LocalSocket(isListening: false)
    let sink = RecordingSink()
    var options = fakeOptions()
    options.reconnect.maximumAttempts = 1
    let summary = DetectionPipeline(
      opener: MediaOpener(options: options), analyzers: FakeAnalyzers(), options: options,
      sinks: [sink]
    ).run([MediaSource("rtsp://user:secret@127.0.0.1:\(closed.port)/stream")])
    #expect(sink.ends.map(\.reason?.code) == ["connection_refused"])
    #expect(sink.ends.first?.source.contains("secret") == false)
    #expect(summary.transientFailures == 1)
  }

  @Test("a stop ends the wait for a live source that sends nothing")
  func silent() throws {
    let sink = RecordingSink()
    var options = fakeOptions()
    options.input.openTimeout = 10 * longWait
    let pipeline = DetectionPipeline(
      opener: MediaOpener(options: options), analyzers: FakeAnalyzers(), options: options,
      sinks: [sink])
    let control = pipeline.control
    let server = try LocalSocket()
    Thread.detachNewThread {
      // Once it is connected the source waits: the client stays open until this process ends.
      _ = server.accept()
      control.stop()
    }
    let summary = pipeline.run([MediaSource("tcp://127.0.0.1:\(server.port)")])
    #expect(sink.ends.map(\.status) == [.stopped])
    #expect(summary.elapsed < longWait, "it waited for its own deadline")
  }
}
