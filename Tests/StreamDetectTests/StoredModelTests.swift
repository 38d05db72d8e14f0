import Foundation
import StreamDetect
import TestSupport
import Testing

/// Model files as a program makes and uses them.
@Suite(.timeLimit(.minutes(20)))
struct StoredModelTests {
  @Test("a calibrated model runs in 8-bit integers, and finds what its weights find in FP32")
  func quantized() async throws {
    let folder = try TemporaryFolder()
    let model = try StoredModel(contentsOf: URL(filePath: writeNoiseModel(in: folder)))
    let clip = try folder.addNoise(frames: 6, width: 96, height: 96)
    let calibrated = try model.quantized(
      on: [Source(clip)], to: URL(filePath: folder.path + "/int8.safetensors"), stride: 2)
    #expect(calibrated.info.precisions.contains(.int8))
    #expect(calibrated.sha256 != model.sha256)
    let picture = try Picture(contentsOf: URL(filePath: clip))
    let exact = try Detector(model).objects(in: picture)
    let rounded = try Detector(calibrated, precision: .int8).objects(in: picture)
    #expect(!exact.isEmpty && exact.count == rounded.count)

    let error = #expect(throws: StreamDetectError.self) {
      _ = try model.quantized(
        on: [Source("/nowhere/a.mp4")], to: URL(filePath: folder.path + "/none.safetensors"))
    }
    guard case .media(let failure) = error else { throw try #require(error) }
    #expect(failure.code == .notFound && failure.source == "/nowhere/a.mp4")
  }

  @Test("a packed model finds the same, and both verify themselves")
  func packed() throws {
    let folder = try TemporaryFolder()
    let model = try StoredModel(contentsOf: URL(filePath: writeNoiseModel(in: folder)))
    let packed = try model.packed(to: URL(filePath: folder.path + "/packed.safetensors"))
    #expect(packed.byteCount > model.byteCount)
    let clip = try folder.addNoise(frames: 1, width: 64, height: 64)
    let picture = try Picture(contentsOf: URL(filePath: clip))
    #expect(
      try Detector(packed).objects(in: picture) == Detector(model).objects(in: picture))
    for file in [model, packed] {
      let check = try file.verified()
      #expect(check.isPassed && check.differences.isEmpty)
    }
  }

  @Test("what cannot be imported is a model error, and a misspelt architecture names the nearest")
  func importing() throws {
    let folder = try TemporaryFolder()
    let weights = URL(filePath: try folder.add("weights.pth", "no weights"))
    let target = URL(filePath: folder.path + "/made.safetensors")
    let error = #expect(throws: StreamDetectError.self) {
      _ = try StoredModel.importing(weights, to: target)
    }
    guard case .model(let failure) = error else { throw try #require(error) }
    #expect(failure.code == .unsupportedFormat && failure.path == weights.path)
    var options = ImportOptions()
    options.architecture = "mobilenet_v22"
    let other = #expect(throws: StreamDetectError.self) {
      _ = try StoredModel.importing(weights, to: target, options: options)
    }
    #expect(other?.description.contains("Nearest: mobilenet_v2") == true)
    options.architecture = "yolo"
    let unknown = #expect(throws: StreamDetectError.self) {
      _ = try StoredModel.importing(weights, to: target, options: options)
    }
    #expect(unknown?.description.hasSuffix("Use one of ImportOptions.architectures.") == true)
    #expect(!FileManager.default.fileExists(atPath: target.path))
  }

  @Test("a classifier gives the most probable classes, and is no detector")
  func classifier() throws {
    let folder = try TemporaryFolder()
    let model = try StoredModel(contentsOf: URL(filePath: writeNoiseClassifier(in: folder)))
    #expect(model.info.kind == .classifier && model.info.classes == ["cat", "dog", "cup"])
    let clip = try folder.addNoise(frames: 1, width: 70, height: 50)
    let picture = try Picture(contentsOf: URL(filePath: clip))
    let classifier = try Classifier(model)
    let classes = try classifier.classes(of: picture)
    #expect(Set(classes.map(\.label)) == ["cat", "dog", "cup"])
    #expect(abs(classes.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    #expect(classes.map(\.probability) == classes.map(\.probability).sorted(by: >))
    #expect(try classifier.classes(of: picture, top: 1) == [classes[0]])
    let error = #expect(throws: StreamDetectError.self) { _ = try Detector(model) }
    guard case .model(let failure) = error else { throw try #require(error) }
    #expect(failure.code == .unsuitable)
  }

  @Test("a segmenter gives each pixel a class, and is no classifier")
  func segmenter() throws {
    let folder = try TemporaryFolder()
    let model = try StoredModel(contentsOf: URL(filePath: writeNoiseSegmenter(in: folder)))
    #expect(model.info.kind == .segmenter)
    #expect(model.info.classes == ["background", "cat", "dog"])
    let clip = try folder.addNoise(frames: 1, width: 70, height: 50)
    let picture = try Picture(contentsOf: URL(filePath: clip))
    let segmenter = try Segmenter(model)
    let found = try segmenter.segmentation(of: picture)
    #expect(found.width == 70 && found.height == 50 && found.classIDs.count == 3500)
    for segment in found.segments {
      #expect(segment.label == model.info.classes[segment.classID])
      let pixels = found.classIDs.count { Int($0) == segment.classID }
      #expect(abs(segment.share - Double(pixels) / 3500) < 1e-9 && pixels > 0)
    }
    #expect(found.segments.map(\.share) == found.segments.map(\.share).sorted(by: >))
    #expect(try segmenter.segmentation(of: picture) == found)
    #expect(throws: StreamDetectError.self) { _ = try Classifier(model) }
    #expect(throws: StreamDetectError.self) { _ = try Detector(model) }
  }
}
