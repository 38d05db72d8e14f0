import Foundation
import TestSupport
import Testing

@testable import Evaluation
@testable import Geometry

/// A truth in COCO's form from a text.
func cocoTruth(_ json: String, honorsIgnore: Bool = false) throws -> TruthSet {
  try COCOTruth(path: "truth.json", honorsIgnore: honorsIgnore).read(Data(json.utf8))
}

/// One image of 100 x 100 pixels with boxes of classes 1 (`cat`) and 2 (`dog`), and perhaps more
/// categories.
func simpleTruth(
  _ annotations: String, categories: String = "", honorsIgnore: Bool = false
) throws -> TruthSet {
  try cocoTruth(
    """
    {"images":[{"id":1,"file_name":"a.jpg","width":100,"height":100}],
    "categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}\(categories)],
    "annotations":[\(annotations)]}
    """, honorsIgnore: honorsIgnore)
}

/// An object that was found.
func found(
  _ label: String, _ score: Double, _ x: Double, _ y: Double, _ width: Double, _ height: Double
) -> PredictedFrame.Object {
  .init(label: label, score: score, box: PixelBox(x: x, y: y, width: width, height: height))
}

/// The comparison of a truth with what a model of `cat` and `dog` found in `a.jpg`.
func comparison(
  _ truth: TruthSet, _ objects: [PredictedFrame.Object], classes: [String] = ["cat", "dog"]
) throws -> Comparison {
  let matching = try ClassMatching(
    truth: truth, model: .init(names: classes, isComplete: true))
  let frame = PredictedFrame(source: "a.jpg", index: 0, width: 100, height: 100, objects: objects)
  return try ComparisonBuilder(truth: truth, matching: matching)
    .compare([frame], missing: .count).comparison
}

/// The error that `body` throws.
func evaluationError(_ body: () throws -> Void) throws -> EvaluationError {
  try #require(throws: EvaluationError.self) { try body() }
}
