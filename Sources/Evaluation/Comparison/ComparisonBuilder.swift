public import Annotations
internal import Geometry

/// Compares results with a truth.
public struct ComparisonBuilder: Sendable {
  /// What to do about images of the truth without results.
  public enum Missing: Sendable {
    /// Evaluate them: nothing was found in them.
    case count
    /// Leave them out.
    case skip
  }

  /// The truth.
  public let truth: AnnotationSet
  /// Which classes of both sides are the same.
  public let matching: ClassMatching

  /// Creates a builder.
  public init(truth: AnnotationSet, matching: ClassMatching) {
    self.truth = truth
    self.matching = matching
  }

  /// The comparison, and what was left out of it.
  public struct Outcome: Sendable {
    /// What is evaluated.
    public var comparison: Comparison
    /// How many images are evaluated.
    public var images: Int { comparison.imageCount }
    /// The names of images of the truth without results.
    public var missing: [String] = []
    /// The names of images with results that the truth does not have.
    public var withoutTruth: [String] = []
    /// The names of images whose size differs from what the truth states.
    public var resized: [String] = []
    /// The number of detections of each class that the truth does not have.
    public var leftOutFound: [String: Int] = [:]
    /// How many objects of the truth are evaluated.
    public var objects = 0
    /// How many detections are evaluated.
    public var detections = 0
  }

  /// Compares frames with the truth.
  ///
  /// If a frame's size differs from what the truth states, its boxes are scaled. An image whose
  /// truth is in fractions has no size without a frame, and is left out if it has none.
  ///
  /// - Throws: `EvaluationError` if names are ambiguous, or a size is needed and missing.
  public func compare(
    _ frames: [FrameRecord], missing: Missing
  ) throws(EvaluationError) -> Outcome {
    let names = FrameRecord.imageNames(of: frames)
    let assignment = try FrameAssignment(images: truth.images.map(\.name), frames: names)
    var outcome = Outcome(comparison: Comparison(classes: matching.classes, images: []))
    outcome.withoutTruth = assignment.unassigned.map { names[$0] }
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

  /// `image` in pixels of its frame if its truth is in fractions.
  private func inPixels(
    _ image: AnnotationSet.Image, _ frame: FrameRecord
  ) throws(EvaluationError) -> AnnotationSet.Image {
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

  /// Compares COCO results, which refer to images and categories of the truth by id.
  ///
  /// In an image without results, nothing was found.
  ///
  /// - Throws: `EvaluationError` if the truth is not in COCO's format.
  public func compare(_ results: [COCOResult]) throws(EvaluationError) -> Outcome {
    guard truth.form == .coco else {
      throw EvaluationError(
        path: "COCO's results",
        message: "They refer to images and classes by the ids of a COCO truth.",
        remedy: "Give JSON lines of 'stream-detect detect', or a COCO truth.")
    }
    let results = Dictionary(grouping: results, by: \.imageID)
    let names = Dictionary(truth.categories.map { ($0.id, $0.name) }) { first, _ in first }
    var outcome = Outcome(comparison: Comparison(classes: matching.classes, images: []))
    for image in truth.images {
      let objects = (results[image.id] ?? []).map { result in
        ObjectRecord(
          label: names[result.categoryID] ?? "category \(result.categoryID)",
          confidence: result.score,
          box: result.box)
      }
      append(image, objects, to: &outcome)
    }
    let known = Set(truth.images.map(\.id))
    outcome.withoutTruth = results.keys.filter { !known.contains($0) }.sorted().map {
      "image \($0)"
    }
    return outcome
  }

  private func append(
    _ image: AnnotationSet.Image, _ objects: [ObjectRecord], to outcome: inout Outcome
  ) {
    var compared = Comparison.Image()
    for box in image.boxes { add(box, to: &compared, &outcome) }
    for object in objects {
      guard let classIndex = matching.classOfLabel[object.label] else {
        outcome.leftOutFound[object.label, default: 0] += 1
        continue
      }
      compared.found.append(
        .init(classIndex: classIndex, score: object.confidence, box: object.box))
    }
    outcome.detections += compared.found.count
    outcome.comparison.images.append(compared)
  }

  private func add(
    _ box: AnnotationSet.Box, to image: inout Comparison.Image, _ outcome: inout Outcome
  ) {
    var truth = Comparison.Truth(classIndex: nil, box: box.box, area: box.area)
    switch matching.meanings[box.category] {
    case .leftOut:
      image.unknown.append(.init(name: self.truth.categories[box.category].name, box: box.box))
      return
    case .region: truth.isCrowd = true
    case .evaluated(let classIndex):
      truth.classIndex = classIndex
      truth.isCrowd = box.isCrowd
      truth.isIgnored = box.isIgnored
      truth.countsMatchesAsFalse = box.id == .number(0)
      outcome.objects += 1
    }
    image.truth.append(truth)
  }

  private func scale(of frame: FrameRecord, in image: AnnotationSet.Image) -> (x: Double, y: Double)
  {
    guard let width = image.width, let height = image.height, let ownWidth = frame.width,
      let ownHeight = frame.height
    else { return (1, 1) }
    return (Double(width) / Double(ownWidth), Double(height) / Double(ownHeight))
  }
}
