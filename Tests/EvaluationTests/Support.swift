import Foundation
import Geometry
import Testing

@testable import Annotations
@testable import Evaluation

/// A truth in COCO's format.
func cocoTruth(_ json: String, honorsIgnore: Bool = false) throws -> AnnotationSet {
  try COCOReader(path: "truth.json", honorsIgnore: honorsIgnore).read(Data(json.utf8))
}

/// One image of 100 x 100 pixels; the categories are 1 (`cat`), 2 (`dog`) and those given.
func simpleTruth(
  _ annotations: String, categories: String = "", honorsIgnore: Bool = false
) throws -> AnnotationSet {
  try cocoTruth(
    """
    {"images":[{"id":1,"file_name":"a.jpg","width":100,"height":100}],
    "categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}\(categories)],
    "annotations":[\(annotations)]}
    """, honorsIgnore: honorsIgnore)
}

/// A detection.
func found(
  _ label: String, _ score: Double, _ x: Double, _ y: Double, _ width: Double, _ height: Double
) -> ObjectRecord {
  .init(label: label, confidence: score, box: PixelBox(x: x, y: y, width: width, height: height))
}

/// The comparison of a truth with what a model of `cat` and `dog` found in `a.jpg`.
func comparison(
  _ truth: AnnotationSet, _ objects: [ObjectRecord], classes: [String] = ["cat", "dog"]
) throws -> Comparison {
  let matching = try ClassMatching(
    truth: truth, model: .init(names: classes, isComplete: true))
  let frame = FrameRecord(source: "a.jpg", index: 0, width: 100, height: 100, objects: objects)
  return try ComparisonBuilder(truth: truth, matching: matching)
    .compare([frame], missing: .count).comparison
}

/// The error that `body` throws.
func evaluationError(_ body: () throws -> Void) throws -> EvaluationError {
  try #require(throws: EvaluationError.self) { try body() }
}
