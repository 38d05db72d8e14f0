internal import Foundation
public import Geometry

/// An object in a list of COCO results.
public struct COCOResult: Hashable, Sendable {
  /// The image it was found in.
  public var imageID: EntryID
  /// The category it was taken for.
  public var categoryID: EntryID
  /// How sure the detector is.
  public var score: Double
  /// Where it is, in pixels of the image.
  public var box: PixelBox

  /// Creates an object.
  public init(imageID: EntryID, categoryID: EntryID, score: Double, box: PixelBox) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.score = score
    self.box = box
  }
}

extension COCOResult: Decodable {
  private enum CodingKeys: String, CodingKey {
    case imageID = "image_id"
    case categoryID = "category_id"
    case box = "bbox"
    case score
  }

  /// Decodes `{"image_id", "category_id", "bbox", "score"}`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let numbers = try values.decode([Double].self, forKey: .box)
    score = try values.decode(Double.self, forKey: .score)
    imageID = try values.decode(EntryID.self, forKey: .imageID)
    categoryID = try values.decode(EntryID.self, forKey: .categoryID)
    guard let box = PixelBox(numbers), score.isFinite else {
      throw UnusableEntry(
        message: "It has no usable 'bbox' or 'score'.",
        remedy: "Write 'bbox' as [x, y, width, height] in pixels."
      ).error(at: decoder.codingPath)
    }
    self.box = box
  }

  /// Decodes an array of results, the contents of `path`.
  static func array(_ data: Data, path: String) throws(AnnotationError) -> [COCOResult] {
    try JSONFile.decode(
      [COCOResult].self, from: data, path: path,
      remedy:
        "Give an array of {image_id, category_id, bbox, score}, or stream-detect's JSON lines.")
  }
}
