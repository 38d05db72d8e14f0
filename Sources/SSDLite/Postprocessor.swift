public import Geometry

/// Turns a detector's raw output into detections.
///
/// Reuses its memory from frame to frame. A frame in which nothing passes the threshold costs one
/// comparison per logit. NaN in the raw output is never reported.
public struct Postprocessor: Sendable {
  private let classes: Int
  /// `nil` if the scores are probabilities already.
  private let scoring: Scoring?
  private let boxes: BoxReading
  private let rows: Int
  private let options: DetectionOptions
  /// Foreground classes to detect.
  private let wanted: [Int]
  /// The logit that gives the score threshold: relative to the largest logit (softmax), or absolute
  /// (sigmoid).
  private let logitFloor: Float
  /// Margin by which the logit bounds are too low, to be safe; the exact score is compared in the
  /// end.
  fileprivate static let slack: Float = 1e-3

  private var exponentials: [Float]
  /// For each class, the candidates' scores and priors as `sortKey` encodes them.
  private var candidates: [[UInt64]]
  private var found: [Detection] = []
  private var suppression: NonMaximumSuppression

  /// Creates a post-processor for the outputs of a network with these priors.
  public init(
    specification: SSDLiteSpecification, priors: [CenterBox], options: DetectionOptions
  ) {
    self.init(
      classes: specification.classes, rows: priors.count, scoring: specification.scoring,
      boxes: .codes(specification.boxCoder, priors), options: options)
  }

  /// Creates a post-processor for outputs of `rows` rows.
  init(
    classes: Int, rows: Int, scoring: Scoring?, boxes: BoxReading, options: DetectionOptions
  ) {
    self.classes = classes
    self.rows = rows
    self.scoring = scoring
    self.boxes = boxes
    self.options = options
    wanted = (1..<max(classes, 1)).filter { options.classes?.contains($0) ?? true }
    logitFloor =
      scoring?.logitFloor(scoreThreshold: options.scoreThreshold) ?? options.scoreThreshold
    exponentials = [Float](repeating: 0, count: scoring == .softmax ? classes : 0)
    candidates = [[UInt64]](repeating: [], count: classes)
    suppression = NonMaximumSuppression(
      iouThreshold: options.iouThreshold, isClassAgnostic: options.isClassAgnostic,
      limit: max(options.maximumDetections, 0))
  }

  /// The detections of a frame, sorted by descending score, with boxes clipped to 0...1.
  ///
  /// `logits` are the scores `[priors][classes]`, and `codes` the boxes or regression codes
  /// `[priors][4]`, both dense.
  ///
  /// - Precondition: The counts match the specification.
  public mutating func detections(logits: Span<Float>, codes: Span<Float>) -> [Detection] {
    precondition(
      logits.count == rows * classes && codes.count == rows * 4,
      "\(logits.count) logits and \(codes.count) codes for \(rows) priors")
    for prior in 0..<rows {
      score(logits.extracting(prior * classes..<(prior + 1) * classes), prior)
    }
    found.removeAll(keepingCapacity: true)
    for classID in wanted where !candidates[classID].isEmpty {
      decodeBest(of: classID, codes)
    }
    return found.isEmpty ? [] : suppression(found)
  }

  /// Adds the scores of one prior that pass the threshold to the candidates of their classes.
  private mutating func score(_ logits: Span<Float>, _ prior: Int) {
    switch scoring {
    case .softmax:
      // Most priors show only background, which this test finds without the largest logit.
      guard hasForeground(logits, atLeast: logits[0] + logitFloor) else { return }
      var best = logits[1]
      for classID in 2..<logits.count { best = max(best, logits[classID]) }
      let largest = max(best, logits[0])
      let floor = largest + logitFloor
      guard best >= floor else { return }
      // Beyond this sum not even the best class passes, so most priors are done after a few terms.
      let threshold = max(options.scoreThreshold, 0) * (1 - Self.slack)
      let largestSum = exponential(best - largest) / threshold
      var sum: Float = 0
      for classID in 0..<logits.count {
        let value = exponential(logits[classID] - largest)
        exponentials[classID] = value
        sum += value
        if sum > largestSum { return }
      }
      for classID in wanted where logits[classID] >= floor {
        add(exponentials[classID] / sum, classID, prior)
      }
    case .sigmoid:
      guard hasForeground(logits, atLeast: logitFloor) else { return }
      for classID in wanted where logits[classID] >= logitFloor {
        add(1 / (1 + exponential(-logits[classID])), classID, prior)
      }
    case nil:
      guard hasForeground(logits, atLeast: logitFloor) else { return }
      for classID in wanted { add(logits[classID], classID, prior) }
    }
  }

  /// Whether any foreground logit reaches `floor`; false if `floor` is NaN.
  private func hasForeground(_ logits: Span<Float>, atLeast floor: Float) -> Bool {
    // Counts rather than stopping at the first one, so the loop needs no branch.
    var count: UInt32 = 0
    for classID in 1..<logits.count { count &+= logits[classID] >= floor ? 1 : 0 }
    return count != 0
  }

  private mutating func add(_ score: Float, _ classID: Int, _ prior: Int) {
    guard score >= options.scoreThreshold else { return }
    candidates[classID].append(sortKey(score: score, position: prior))
  }

  /// Decodes the best candidates of a class, and clears them for the next frame.
  private mutating func decodeBest(of classID: Int, _ codes: Span<Float>) {
    candidates[classID].sort()
    for key in candidates[classID].prefix(max(options.topKPerClass, 0)) {
      let prior = sortedPosition(key)
      let box = boxes.box(codes, row: prior).clipped
      if !box.isEmpty {
        found.append(Detection(classID: classID, score: sortedScore(key), box: box))
      }
    }
    candidates[classID].removeAll(keepingCapacity: true)
  }
}

extension Scoring {
  /// The logit that gives `scoreThreshold`: relative to the largest logit (softmax), or absolute
  /// (sigmoid).
  ///
  /// Rounded down a little to be safe; the exact score is compared in the end. NaN, which no logit
  /// reaches, if the threshold is NaN.
  func logitFloor(scoreThreshold: Float) -> Float {
    if scoreThreshold <= 0 { return -.infinity }
    let slack = Postprocessor.slack
    switch self {
    case .softmax: return logarithm(scoreThreshold) - slack
    case .sigmoid:
      // The scores of larger logits are hardly different from 1 in single precision.
      let largest: Float = 15
      if scoreThreshold >= 1 { return largest }
      return min(logarithm(scoreThreshold / (1 - scoreThreshold)), largest) - slack
    }
  }
}
