internal import Geometry

/// Brings a truth and what was found together.
public struct ComparisonBuilder: Sendable {
  /// What is to be done about images of the truth that nobody looked at.
  public enum Missing: Sendable {
    /// Nothing was found in them.
    case count
    /// They are left out.
    case skip
  }

  /// The truth.
  public let truth: TruthSet
  /// Which classes are the same.
  public let matching: ClassMatching

  /// Creates a builder.
  public init(truth: TruthSet, matching: ClassMatching) {
    self.truth = truth
    self.matching = matching
  }

  /// The comparison, and what does not appear in it.
  public struct Outcome: Sendable {
    /// What is to be evaluated.
    public var comparison: Comparison
    /// How many images are evaluated.
    public var images: Int { comparison.imageCount }
    /// Names of images of the truth without results.
    public var missing: [String] = []
    /// Names of results without an image in the truth.
    public var strangers: [String] = []
    /// Names of images whose size is not that which the truth states.
    public var resized: [String] = []
    /// Objects of classes that the truth does not have, by class.
    public var leftOutFound: [String: Int] = [:]
    /// Objects of the truth that are evaluated.
    public var objects = 0
    /// Objects that were found and are evaluated.
    public var detections = 0
  }

  /// Compares frames with the truth.
  ///
  /// Boxes are scaled where a frame's size is not that which the truth states. An image whose truth is
  /// in fractions has no size without a frame, and is always left out then.
  ///
  /// - Throws: `EvaluationError` where names are ambiguous, or a size is needed and missing.
  public func compare(
    _ frames: [PredictedFrame], missing: Missing
  ) throws(EvaluationError) -> Outcome {
    let names = PredictedFrame.names(of: frames)
    let assignment = try FrameAssignment(images: truth.images.map(\.name), frames: names)
    var outcome = Outcome(comparison: Comparison(classes: matching.classes, images: []))
    outcome.strangers = assignment.strangers.map { names[$0] }
    for (image, frame) in zip(truth.images, assignment.frames) {
      guard let frame else {
        outcome.missing.append(image.name)
        if missing == .count && !image.isRelative { append(image, [], to: &outcome) }
        continue
      }
      let factors = scale(of: frames[frame], in: image)
      if factors != (1, 1) { outcome.resized.append(image.name) }
      let objects = frames[frame].objects.map { object in
        var object = object
        if factors != (1, 1) { object.box = object.box.scaled(x: factors.x, y: factors.y) }
        return object
      }
      append(try inPixels(image, frames[frame]), objects, to: &outcome)
    }
    return outcome
  }

  /// An image whose truth is in fractions, with the size of its frame.
  private func inPixels(
    _ image: TruthSet.Image, _ frame: PredictedFrame
  ) throws(EvaluationError) -> TruthSet.Image {
    guard image.isRelative else { return image }
    guard let width = frame.width, let height = frame.height else {
      throw EvaluationError(
        path: frame.source, message: "The results do not say how large the image is.",
        remedy: "Add 'width' and 'height' to its frame line, or use COCO's truth.")
    }
    var image = image
    image.isRelative = false
    for index in image.boxes.indices {
      let scaled = image.boxes[index].box.scaled(x: Double(width), y: Double(height))
      image.boxes[index].box = scaled
      image.boxes[index].area = scaled.area
    }
    return image
  }

  /// Compares COCO results, which name categories of the truth by their ids.
  ///
  /// An image without results is one in which nothing was found.
  ///
  /// - Throws: `EvaluationError` where the truth is not COCO's.
  public func compare(
    _ results: [EntryID: [PredictionFile.COCOResult]]
  ) throws(EvaluationError) -> Outcome {
    guard truth.form == .coco else {
      throw EvaluationError(
        path: "COCO's results", message: "They name images and classes by the ids of COCO's truth.",
        remedy: "Give JSON lines of 'stream-detect detect', or a COCO truth.")
    }
    let names = Dictionary(truth.categories.map { ($0.id, $0.name) }) { first, _ in first }
    var outcome = Outcome(comparison: Comparison(classes: matching.classes, images: []))
    for image in truth.images {
      let objects = (results[image.id] ?? []).map { result in
        PredictedFrame.Object(
          label: names[result.categoryID] ?? "category \(result.categoryID)", score: result.score,
          box: result.box)
      }
      append(image, objects, to: &outcome)
    }
    let known = Set(truth.images.map(\.id))
    outcome.strangers = results.keys.filter { !known.contains($0) }.sorted().map { "image \($0)" }
    return outcome
  }

  private func append(
    _ image: TruthSet.Image, _ objects: [PredictedFrame.Object], to outcome: inout Outcome
  ) {
    var compared = Comparison.Image()
    for box in image.boxes { add(box, to: &compared, &outcome) }
    for object in objects {
      guard let classIndex = matching.classOfLabel[object.label] else {
        outcome.leftOutFound[object.label, default: 0] += 1
        continue
      }
      compared.found.append(.init(classIndex: classIndex, score: object.score, box: object.box))
    }
    outcome.detections += compared.found.count
    outcome.comparison.images.append(compared)
  }

  private func add(
    _ box: TruthSet.Box, to image: inout Comparison.Image, _ outcome: inout Outcome
  ) {
    var truth = Comparison.Truth(classIndex: nil, box: box.box, area: box.area)
    switch matching.meanings[box.category] {
    case .leftOut:
      image.strangers.append(.init(name: self.truth.categories[box.category].name, box: box.box))
      return
    case .region: truth.isCrowd = true
    case .evaluated(let classIndex):
      truth.classIndex = classIndex
      truth.isCrowd = box.isCrowd
      truth.isIgnored = box.isIgnored
      truth.hasIDZero = box.hasIDZero
      outcome.objects += 1
    }
    image.truth.append(truth)
  }

  private func scale(of frame: PredictedFrame, in image: TruthSet.Image) -> (x: Double, y: Double) {
    guard let width = image.width, let height = image.height, let ownWidth = frame.width,
      let ownHeight = frame.height
    else { return (1, 1) }
    return (Double(width) / Double(ownWidth), Double(height) / Double(ownHeight))
  }
}
