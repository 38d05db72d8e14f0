import Foundation
import StreamDetect
import TestSupport
import Testing

/// How a loop over frames, and a run, start, wait and end.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct FrameStreamTests {
  /// How often this process has a file open: a reader closes its file when its thread has ended.
  private func openCount(of path: String) -> Int {
    let folder = "/proc/self/fd"
    let files = FileManager.default
    return ((try? files.contentsOfDirectory(atPath: folder)) ?? []).count {
      (try? files.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
    }
  }

  @Test("a slow loop holds up reading")
  func backPressure() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = URL(filePath: try folder.addNoise(frames: 60, width: 32, height: 32))
    let reading = ReadingOptions(threads: 1, queue: 1)
    let frames = detector.frames(of: clip, reading: reading)
    var iterator = frames.makeAsyncIterator()
    let first = try await iterator.next()
    #expect(first?.index == 0)
    try await Task.sleep(for: .milliseconds(500))
    // One frame that is computed, those in the queues, and the one that was taken.
    #expect(frames.progress.frames <= 8, "\(frames.progress.frames) frames were read ahead")
    var rest = 0
    while try await iterator.next() != nil { rest += 1 }
    #expect(rest == 59)
  }

  @Test(
    "a cancelled task's loop ends early, without an error, and so does the thread that decodes",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "skipped: no /proc"))
  func cancelling() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = try folder.addNoise(frames: 1000, width: 64, height: 64)
    let task = Task {
      var count = 0
      for try await _ in detector.frames(of: [Source(clip)], reading: ReadingOptions(threads: 1)) {
        count += 1
        if count == 3 {
          #expect(openCount(of: clip) > 0)
          unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        }
      }
      return count
    }
    let count = try await task.value
    #expect(count >= 3 && count < 100)
    let deadline = ContinuousClock.now + .seconds(20)
    while openCount(of: clip) > 0, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(openCount(of: clip) == 0, "the reader is still there")
  }

  @Test("pictures come with the frames where they are asked for, and may be drawn on and written")
  func pictures() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = URL(filePath: try folder.addNoise(frames: 2, width: 120, height: 90))
    let reading = ReadingOptions(limit: 1, keepsPictures: true)
    var seen = 0
    for try await frame in detector.frames(of: clip, reading: reading) {
      seen += 1
      let picture = try #require(frame.picture)
      #expect(try detector.objects(in: picture) == frame.objects)
      let drawn = try picture.annotated(with: frame.objects, drawing: .box)
      #expect(try drawn.rgbBytes() != picture.rgbBytes())
      let box = try #require(frame.objects.first?.box)
      let crop = try #require(try picture.cropped(to: box))
      #expect(crop.width <= 120 && crop.height <= 90)
      let file = URL(filePath: folder.path + "/drawn.png")
      try drawn.write(to: file)
      #expect(try Picture(contentsOf: file).width == 120)
    }
    #expect(seen == 1)
  }

  @Test("an output folder that is missing is an output error; a run reports each source")
  func run() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = try folder.addNoise(frames: 4, width: 48, height: 48)
    let sources = [Source(clip, name: "noise"), Source("/nowhere/missing.mp4")]
    let lines = URL(filePath: folder.path + "/found.jsonl")
    let report = try await detector.analyze(
      sources, outputs: RunOutputs(jsonLines: lines, crops: URL(filePath: folder.path + "/crops/")))
    #expect(report.sources.map(\.source) == ["noise", "/nowhere/missing.mp4"])
    #expect(report.sources.map(\.status) == [.complete, .failed])
    #expect(report.failures.map(\.code) == [.notFound])
    #expect((report.frames.decoded, report.frames.analyzed) == (4, 4))
    let text = try String(contentsOf: lines, encoding: .utf8)
    #expect(text.split(separator: "\n").count { $0.contains("\"type\":\"frame\"") } == 4)
    #expect(text.contains("\"exit_code\":3"))
    let crops = FileManager.default.enumerator(atPath: folder.path + "/crops")
    #expect(crops?.compactMap { $0 as? String }.count { $0.hasSuffix(".jpg") } == report.objects)

    let error = await #expect(throws: StreamDetectError.self) {
      _ = try await detector.analyze(
        sources, outputs: RunOutputs(jsonLines: URL(filePath: "/nowhere/found.jsonl")))
    }
    guard case .output(let failure) = error else { throw try #require(error) }
    #expect(failure.code == .writeFailed)
    let overwriting = await #expect(throws: StreamDetectError.self) {
      _ = try await detector.analyze(
        [Source(clip)], outputs: RunOutputs(jsonLines: URL(filePath: clip)))
    }
    guard case .options(let option) = overwriting else { throw try #require(overwriting) }
    #expect(option.option == "jsonLines")
  }
}
