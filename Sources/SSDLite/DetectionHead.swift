internal import Geometry

/// How the outputs of an imported network are read as boxes.
public struct DetectionHead: Codable, Hashable, Sendable {
  /// What the scores are before they are compared with a threshold.
  public enum ScoreForm: String, Codable, Hashable, Sendable {
    /// Probabilities already.
    case probabilities
    /// Logits that a softmax over the classes makes probabilities.
    case softmax
    /// Logits that a sigmoid makes probabilities, each by itself.
    case sigmoid

    /// The function that makes them probabilities; `nil` where they are.
    public var scoring: Scoring? {
      switch self {
      case .probabilities: nil
      case .softmax: .softmax
      case .sigmoid: .sigmoid
      }
    }
  }

  /// What the four numbers of a box are.
  public enum BoxForm: String, Codable, Hashable, Sendable {
    /// Left, upper, right, lower edge in fractions of the image.
    case corners
    /// Left, upper, right, lower edge in pixels of the input.
    case pixelCorners = "pixel_corners"
    /// Regression codes around priors.
    case codes
  }

  /// Name of the output with the scores, `[priors, classes]`, class 0 being the background.
  public var scores: String
  /// Name of the output with the boxes, `[priors, 4]`.
  public var boxes: String
  /// What the scores are.
  public var scoreForm: ScoreForm
  /// What the boxes are.
  public var boxForm: BoxForm
  /// How codes are read; only where the boxes are codes.
  public var boxCoder: BoxCoder?

  /// Name of the model file's tensor of priors `[priors, 4]`: centre x, centre y, width and height in
  /// fractions of the image.
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

/// How a row of box numbers becomes a box, in fractions of the image.
enum BoxReading: Sendable {
  case codes(BoxCoder, [CenterBox])
  /// Corners, to be multiplied by these.
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
