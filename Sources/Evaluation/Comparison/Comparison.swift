internal import Geometry

/// The true and the detected objects of each image, reduced to the classes that both sides have.
public struct Comparison: Sendable {
  /// An object of the truth.
  struct Truth: Sendable {
    /// Index into `classes`; `nil` for a region in which detections of any class don't count.
    var classIndex: Int?
    var box: PixelBox
    var area: Double
    var isCrowd = false
    var isIgnored = false
    /// Whether a detection that matches the object counts as a false positive.
    ///
    /// In pycocotools this happens to annotations with the id 0.
    var countsMatchesAsFalse = false
  }

  /// A detection.
  struct Found: Sendable {
    var classIndex: Int
    var score: Double
    var box: PixelBox
  }

  /// An object of a class that the detector does not have.
  struct UnknownObject: Sendable {
    var name: String
    var box: PixelBox
  }

  struct Image: Sendable {
    var truth: [Truth] = []
    var found: [Found] = []
    /// They are not evaluated, but the detector may confuse them with the classes that it has.
    var unknown: [UnknownObject] = []
  }

  /// The names of the evaluated classes.
  public let classes: [String]
  /// The images, sorted by id: this order breaks ties between scores.
  var images: [Image]

  /// How many images there are.
  public var imageCount: Int { images.count }

  init(classes: [String], images: [Image]) {
    self.classes = classes
    self.images = images
  }
}
