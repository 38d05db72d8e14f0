/// Why the outputs of a network are not those of a detector.
public struct HeadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the output.
  public let description: String

  /// Creates an error from its sentence.
  package init(description: String) { self.description = description }
}

extension DetectionHead {
  /// Priors and classes of the outputs, the background among the classes.
  ///
  /// Sides of 1 in front are the number of images.
  ///
  /// - Throws: ``HeadError`` where an output is missing, or the two do not belong together.
  public func size(
    of outputs: [String: [Int]]
  ) throws(HeadError) -> (rows: Int, classes: Int) {
    func matrix(_ name: String) throws(HeadError) -> [Int] {
      guard let shape = outputs[name] else {
        throw HeadError(description: "There is no output \(name).")
      }
      let sides = Array(shape.drop { $0 == 1 })
      guard sides.count == 2 else {
        throw HeadError(
          description: "The output \(name) is \(shape); a row for each prior is needed.")
      }
      return sides
    }
    let (scores, boxes) = (try matrix(scores), try matrix(boxes))
    guard scores[0] == boxes[0], boxes[1] == 4, (2...10_000).contains(scores[1]) else {
      throw HeadError(
        description: "The outputs \(self.scores) and \(self.boxes) are \(scores) and \(boxes); "
          + "[priors, classes] and [priors, 4] are needed.")
    }
    if let coder = boxCoder {
      let variances = [coder.centerVariance, coder.sizeVariance]
      guard variances.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw HeadError(description: "The box coder's variances are \(variances).")
      }
    }
    guard (boxForm == .codes) == (boxCoder != nil) else {
      throw HeadError(description: "A box coder is needed where the boxes are codes, only there.")
    }
    return (scores[0], scores[1])
  }
}
