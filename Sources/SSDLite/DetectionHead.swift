internal import Geometry

/// How boxes are read from the outputs of an imported network.
public struct DetectionHead: Codable, Hashable, Sendable {
  /// The form of the scores in the network's output.
  public enum ScoreForm: String, Codable, Hashable, Sendable {
    /// Probabilities.
    case probabilities
    /// Logits, to be turned into probabilities by a softmax over the classes.
    case softmax
    /// Logits, each to be turned into a probability by a sigmoid.
    case sigmoid

    /// The function that turns them into probabilities, or `nil` if they already are.
    public var scoring: Scoring? {
      switch self {
      case .probabilities: nil
      case .softmax: .softmax
      case .sigmoid: .sigmoid
      }
    }
  }

  /// The form of the four values of a box.
  public enum BoxForm: String, Codable, Hashable, Sendable {
    /// Left, upper, right and lower edge in fractions of the image.
    case corners
    /// Left, upper, right and lower edge in pixels of the input.
    case pixelCorners = "pixel_corners"
    /// Regression codes relative to priors.
    case codes
  }

  /// Name of the output with the scores, `[priors, classes]`; class 0 is the background.
  public var scores: String
  /// Name of the output with the boxes, `[priors, 4]`.
  public var boxes: String
  /// The form of the scores.
  public var scoreForm: ScoreForm
  /// The form of the boxes.
  public var boxForm: BoxForm
  /// How codes become boxes; set only if the boxes are codes.
  public var boxCoder: BoxCoder?

  /// Name of the model file's tensor of priors `[priors, 4]`: centre x, centre y, width and height
  /// in fractions of the image.
  public static let priors = "priors"

  /// Creates a head.
  public init(
    scores: String, boxes: String, scoreForm: ScoreForm, boxForm: BoxForm, boxCoder: BoxCoder? = nil
  ) {
    self.scores = scores
    self.boxes = boxes
    self.scoreForm = scoreForm
    self.boxForm = boxForm
    self.boxCoder = boxCoder
  }
}

/// How a row of the boxes' output becomes a box, in fractions of the image.
enum BoxReading: Sendable {
  case codes(BoxCoder, [CenterBox])
  /// Edges, to be multiplied by these factors.
  case corners(horizontal: Float, vertical: Float)

  func box(_ rows: Span<Float>, row: Int) -> BoundingBox {
    switch self {
    case .codes(let coder, let priors):
      return coder.decode(coder.code(rows, row: row), prior: priors[row])
    case .corners(let horizontal, let vertical):
      let first = row * 4
      return BoundingBox(
        xMin: rows[first] * horizontal, yMin: rows[first + 1] * vertical,
        xMax: rows[first + 2] * horizontal, yMax: rows[first + 3] * vertical)
    }
  }
}
