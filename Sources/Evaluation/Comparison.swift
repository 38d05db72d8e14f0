internal import Geometry

/// Images with what is true of them and what was found in them, by classes that both sides know.
public struct Comparison: Sendable {
  /// An object that is there.
  struct Truth: Sendable {
    /// Position in `classes`; `nil` for a region in which every class is left out.
    var classIndex: Int?
    var box: PixelBox
    var area: Double
    var isCrowd = false
    var isIgnored = false
    var hasIDZero = false
  }

  /// An object that was found.
  struct Found: Sendable {
    var classIndex: Int
    var score: Double
    var box: PixelBox
  }

  /// An object of a class that is not evaluated.
  struct Stranger: Sendable {
    var name: String
    var box: PixelBox
  }

  struct Image: Sendable {
    var truth: [Truth] = []
    var found: [Found] = []
    /// Objects that the detector cannot know; only what it takes them for is of interest.
    var strangers: [Stranger] = []
  }

  /// Names of the classes that are evaluated.
  public let classes: [String]
  /// The images by rising id: ties between scores go by this order.
  var images: [Image]

  /// How many images there are.
  public var imageCount: Int { images.count }

  init(classes: [String], images: [Image]) {
    self.classes = classes
    self.images = images
  }
}
