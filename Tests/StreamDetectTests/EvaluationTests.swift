import Foundation
import StreamDetect
import TestSupport
import Testing

/// Annotations and figures as a program reads them.
@Suite(.timeLimit(.minutes(20)))
struct EvaluationTests {
  /// A detector, an image, and annotations in COCO's form that hold what it finds there.
  private struct Case {
    let folder: TemporaryFolder
    let detector: Detector
    let image: URL
    let truth: URL
    let objects: [DetectedObject]
  }

  private func makeCase() throws -> Case {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let clip = try folder.addNoise(frames: 1, width: 96, height: 96)
    let image = URL(filePath: folder.path + "/noise.png")
    try Picture(contentsOf: URL(filePath: clip)).write(to: image)
    let objects = try detector.objects(
      in: Picture(contentsOf: image), options: ObjectOptions(confidence: 0.001, maximum: 3))
    let annotations = objects.enumerated().map { place, object in
      let box = [object.box.x, object.box.y, object.box.width, object.box.height]
      return "{\"id\":\(place + 1),\"image_id\":7,\"category_id\":\(object.classID),"
        + "\"bbox\":\(box),\"area\":\(box[2] * box[3]),\"iscrowd\":0}"
    }
    let categories = detector.classes.enumerated().map { place, name in
      "{\"id\":\(place + 1),\"name\":\"\(name)\"}"
    }
    let truth = try folder.add(
      "truth.json",
      "{\"images\":[{\"id\":7,\"file_name\":\"noise.png\",\"width\":96,\"height\":96}],"
        + "\"annotations\":[\(annotations.joined(separator: ","))],"
        + "\"categories\":[\(categories.joined(separator: ","))]}")
    return Case(
      folder: folder, detector: detector, image: image, truth: URL(filePath: truth),
      objects: objects)
  }

  @Test("a detector that finds all that is annotated has an AP of 1, from a run as from its file")
  func perfect() async throws {
    let given = try makeCase()
    let truth = try GroundTruth(contentsOf: given.truth)
    #expect(truth.classes == ["cat", "dog", "cup"] && truth.images.count == 1)
    #expect(truth.images[0].name == "noise.png" && !truth.images[0].isRelative)
    #expect(truth.images[0].objects.map(\.label) == given.objects.map(\.label))
    let scores = try await given.detector.evaluated(on: truth, images: [Source(given.image)])
    #expect(scores.images == 1 && scores.missing.isEmpty)
    // COCO's protocol divides by a sum with a tiny number in it.
    #expect(abs(try #require(scores.averagePrecision) - 1) < 1e-9)
    #expect(abs(try #require(scores.averagePrecision50) - 1) < 1e-9)
    #expect(scores.recall == 1 && scores.classes.count == 3)

    let lines = URL(filePath: given.folder.path + "/found.jsonl")
    _ = try await given.detector.analyze(
      [Source(given.image)], options: ObjectOptions(confidence: 0.001, maximum: 1000),
      outputs: RunOutputs(jsonLines: lines))
    let predictions = try Predictions(contentsOf: lines)
    let image = try #require(predictions.images.first)
    #expect((image.width, image.height, image.index) == (96, 96, 0))
    #expect(image.objects.first?.confidence ?? 0 > 0)
    let again = try predictions.evaluated(on: truth)
    #expect(abs(try #require(again.averagePrecision50) - 1) < 1e-9)
  }

  @Test("damaged annotations are an error that names the file")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let file = URL(filePath: try folder.add("truth.json", "{\"images\":"))
    let error = #expect(throws: StreamDetectError.self) { _ = try GroundTruth(contentsOf: file) }
    guard case .annotations(let failure) = error else { throw try #require(error) }
    #expect(failure.path.hasPrefix(file.path))
    #expect(throws: StreamDetectError.self) { _ = try Predictions(contentsOf: file) }
  }
}
