/// Why the outputs of a network are not those of a detector.
public struct HeadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A message that names the output.
  public let description: String

  /// Creates an error from its message.
  package init(description: String) { self.description = description }
}

extension DetectionHead {
  /// Number of priors and classes of the outputs; the background counts as a class.
  ///
  /// Leading dimensions of 1 are the number of images.
  ///
  /// - Throws: ``HeadError`` if an output is missing, or the two do not match.
  public func size(
    of outputs: [String: [Int]]
  ) throws(HeadError) -> (rows: Int, classes: Int) {
    func matrix(_ name: String) throws(HeadError) -> [Int] {
      guard let shape = outputs[name] else {
        throw HeadError(description: "The network has no output \(name).")
      }
      let dimensions = Array(shape.drop { $0 == 1 })
      guard dimensions.count == 2 else {
        throw HeadError(
          description: "The output \(name) has the shape \(shape); "
            + "it must have a row for each prior.")
      }
      return dimensions
    }
    let (scores, boxes) = (try matrix(scores), try matrix(boxes))
    guard scores[0] == boxes[0], boxes[1] == 4, (2...10_000).contains(scores[1]) else {
      throw HeadError(
        description: "The outputs \(self.scores) and \(self.boxes) have the shapes \(scores) and "
          + "\(boxes); "
          + "they must have [priors, classes] and [priors, 4].")
    }
    if let coder = boxCoder {
      let variances = [coder.centerVariance, coder.sizeVariance]
      guard variances.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw HeadError(
          description: "The box coder's variances are \(variances); they must be positive numbers.")
      }
    }
    guard (boxForm == .codes) == (boxCoder != nil) else {
      throw HeadError(
        description: "There must be a box coder if, and only if, the boxes are codes.")
    }
    return (scores[0], scores[1])
  }
}
