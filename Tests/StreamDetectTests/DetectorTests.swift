import Foundation
import StreamDetect
import TestSupport
import Testing

/// The library as a program uses it: one import, a model file, a loop.
@Suite(.timeLimit(.minutes(20)))
struct DetectorTests {
  @Test("a loop over a video sees every frame with labelled objects")
  func loop() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = URL(filePath: try folder.addNoise(frames: 6, width: 64, height: 48))
    #expect(detector.classes == ["cat", "dog", "cup"])
    var indices: [Int] = []
    var labels: Set<String> = []
    let frames = detector.frames(of: clip)
    for try await frame in frames {
      indices.append(frame.index)
      labels.formUnion(frame.objects.map(\.label))
      #expect((frame.width, frame.height) == (64, 48))
      #expect(frame.objects.count <= 7, "the model recommends no more")
      for object in frame.objects {
        #expect(object.confidence >= 0.3)
        #expect(detector.classes[object.classID - 1] == object.label)
        let pixels = object.relativeBox.pixels(width: 64, height: 48)
        #expect(pixels == object.box)
        #expect(object.box.x >= 0 && object.box.x + object.box.width <= 64.001)
      }
      #expect(frame.picture == nil)
    }
    #expect(indices == Array(0..<6))
    #expect(!labels.isEmpty && labels.isSubset(of: ["cat", "dog", "cup"]))
    let progress = frames.progress
    #expect((progress.frames, progress.sourcesDone, progress.sourcesTotal) == (6, 1, 1))
  }

  @Test("a model tells its name, classes, input and recommendations")
  func info() throws {
    let folder = try TemporaryFolder()
    let url = URL(filePath: try writeNoiseModel(in: folder))
    let model = try Detector(model: url).model
    #expect(model.name == "noise" && model.kind == .detector)
    #expect(model.classes == ["cat", "dog", "cup"])
    #expect((model.inputWidth, model.inputHeight, model.maximum) == (96, 96, 7))
    #expect(model.precisions == [.fp32, .bf16], "it was never calibrated")
    let stored = try StoredModel(contentsOf: url)
    #expect(stored.info == model && stored.sha256.count == 64)
  }

  @Test("a missing file is a media error with its name and a code to match")
  func missing() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let url = URL(filePath: folder.path + "/missing.mp4")
    do {
      for try await _ in detector.frames(of: url) {}
      Issue.record("nothing was thrown")
    } catch StreamDetectError.media(let failure) where failure.code == .notFound {
      #expect(failure.source == url.path && !failure.isTransient && !failure.remedy.isEmpty)
    }
    #expect(missingSource(url) == url.path)
  }

  /// The source of the error for a file that does not exist, matched as a program would.
  private func missingSource(_ url: URL) -> String? {
    do {
      _ = try Picture(contentsOf: url)
      return nil
    } catch .media(let failure) where failure.code == .notFound {
      return failure.source
    } catch {
      return "\(error)"
    }
  }

  @Test("of several sources the rest is delivered, and those that failed are thrown together")
  func severalSources() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = try folder.addNoise(frames: 3, width: 32, height: 32)
    let sources = ["/nowhere/a.mp4", clip, "/nowhere/b.mp4"].map { Source($0) }
    var count = 0
    do {
      for try await frame in detector.frames(of: sources) {
        #expect(frame.source == clip)
        count += 1
      }
      Issue.record("nothing was thrown")
    } catch StreamDetectError.sources(let failures) {
      #expect(failures.map(\.source) == ["/nowhere/a.mp4", "/nowhere/b.mp4"])
      #expect(failures.allSatisfy { $0.code == .notFound })
    }
    #expect(count == 3)
  }

  @Test("a missing model and one without calibration are model errors to match")
  func models() throws {
    let folder = try TemporaryFolder()
    let missing = URL(filePath: folder.path + "/missing.safetensors")
    let error = #expect(throws: StreamDetectError.self) { _ = try Detector(model: missing) }
    guard case .model(let failure) = error else { throw try #require(error) }
    #expect(failure.code == .notFound && failure.path == missing.path)
    let model = URL(filePath: try writeNoiseModel(in: folder))
    let other = #expect(throws: StreamDetectError.self) {
      _ = try Detector(model: model, precision: .int8)
    }
    guard case .model(let failure) = other else { throw try #require(other) }
    #expect(failure.code == .unsuitable)
  }

  @Test("impossible options are thrown by name, before a source is opened")
  func options() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let picture = try Picture([UInt8](repeating: 90, count: 48), format: .rgb, width: 4, height: 4)
    let wrong: [(String, ObjectOptions)] = [
      ("confidence", ObjectOptions(confidence: 1.5)), ("overlap", ObjectOptions(overlap: .nan)),
      ("maximum", ObjectOptions(maximum: 0)), ("classes", ObjectOptions(classes: ["catt"])),
      ("excludedClasses", ObjectOptions(excludedClasses: ["cat", "dog", "3"])),
      ("tiles", ObjectOptions(tiles: .grids([9]))),
    ]
    for (name, options) in wrong {
      let error = #expect(throws: StreamDetectError.self) {
        _ = try detector.objects(in: picture, options: options)
      }
      guard case .options(let failure) = error else { throw try #require(error) }
      #expect(failure.option == name)
    }
    let reading: [(String, ReadingOptions)] = [
      ("stride", ReadingOptions(sampling: .stride(0))), ("threads", ReadingOptions(threads: 0)),
      ("perSecond", ReadingOptions(sampling: .perSecond(0))), ("queue", ReadingOptions(queue: 0)),
      ("end", ReadingOptions(start: 3, end: 2)), ("limit", ReadingOptions(limit: 0)),
      ("openTimeout", ReadingOptions(openTimeout: .nan)),
    ]
    for (name, options) in reading {
      do {
        for try await _ in detector.frames(of: [Source("/nowhere")], reading: options) {}
        Issue.record("\(name): nothing was thrown")
      } catch StreamDetectError.options(let failure) {
        #expect(failure.option == name)
      }
    }
  }

  @Test(
    "a picture in tiles has the objects that a loop over its file finds in tiles",
    arguments: [Tiling.grids([2]), .grids([2, 3]), .automatic])
  func tiles(_ tiles: Tiling) async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = URL(filePath: try folder.addNoise(frames: 1, width: 200, height: 150))
    let options = ObjectOptions(tiles: tiles)
    let picture = try Picture(contentsOf: clip)
    let objects = try detector.objects(in: picture, options: options)
    var frames: [DetectedFrame] = []
    for try await frame in detector.frames(of: clip, options: options) { frames.append(frame) }
    #expect(frames.map(\.objects) == [objects])
    #expect(try !objects.isEmpty && objects != detector.objects(in: picture))
  }

  @Test("a run with impossible options fails before weights are packed or an output is opened")
  func impossibleRun() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let lines = folder.path + "/found.jsonl"
    let error = await #expect(throws: StreamDetectError.self) {
      _ = try await detector.analyze(
        [Source("/nowhere")], reading: ReadingOptions(threads: .max, prefersLatency: true),
        outputs: RunOutputs(jsonLines: URL(filePath: lines)))
    }
    guard case .options(let failure) = error else { throw try #require(error) }
    #expect(failure.option == "threads")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasPrefix("found") }, "\(names)")
  }

  @Test("classes are chosen by name or by number, and the nearest names are proposed")
  func classes() throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = URL(filePath: try folder.addNoise(frames: 1, width: 64, height: 48))
    let picture = try Picture(contentsOf: clip)
    let all = try detector.objects(in: picture)
    let label = try #require(all.first?.label)
    let byName = try detector.objects(in: picture, options: ObjectOptions(classes: [label]))
    #expect(!byName.isEmpty && byName.allSatisfy { $0.label == label })
    let number = try #require(all.first?.classID)
    let byNumber = try detector.objects(in: picture, options: ObjectOptions(classes: ["\(number)"]))
    #expect(byNumber == byName)
    let error = #expect(throws: StreamDetectError.self) {
      _ = try detector.objects(in: picture, options: ObjectOptions(classes: ["dgo"]))
    }
    #expect(error?.description.contains("Nearest: dog") == true)
  }

  @Test("a detector serves many tasks at once, each with the objects of its own picture")
  func concurrency() async throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let pictures = try (0..<4).map { seed in
      let side = 40 + 8 * seed
      var random = SplitMix64(seed: UInt64(seed))
      let bytes = (0..<side * side * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
      return try Picture(bytes, format: .rgb, width: side, height: side)
    }
    let alone = try pictures.map { try detector.objects(in: $0) }
    #expect(Set(alone.map { $0.first?.confidence }).count > 1, "the pictures differ")
    try await withThrowingTaskGroup(of: (Int, [DetectedObject]).self) { group in
      for turn in 0..<16 {
        group.addTask { (turn % 4, try detector.objects(in: pictures[turn % 4])) }
      }
      for try await (index, objects) in group { #expect(objects == alone[index]) }
    }
  }
}
