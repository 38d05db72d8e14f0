internal import Foundation

extension TruthSet {
  /// Reads a truth, whose form shows in what lies at `path`: a JSON file is COCO's.
  ///
  /// - Throws: `EvaluationError` that names the file and what helps.
  public init(path: String, honorsIgnore: Bool = false) throws(EvaluationError) {
    self = try COCOTruth(path: path, honorsIgnore: honorsIgnore).read(JSONFile.contents(path))
    guard !images.isEmpty else {
      throw EvaluationError(
        path: path, message: "The truth has no image.", remedy: "Check that it is the right file.")
    }
  }
}
