internal import Annotations
internal import Geometry
internal import Support
internal import Pipeline
internal import SSDLite
internal import Media
internal import Pictures

/// Writes each analysed frame with its objects drawn: `DIR/SOURCE/000123.jpg`.
///
/// The only frame of an image keeps the image's own name.
struct FrameImages {
  let tree: OutputTree

  func write(_ picture: Picture, of result: FrameResult, isImage: Bool) throws {
    let suffix =
      isImage
      ? imageSuffix(of: tree.place(of: result.source)) : "/\(padded(result.index, 6)).jpg"
    let path = try tree.path(for: result.source, suffix: suffix)
    try ImageFile.write(picture, path: path)
  }

  /// The suffix that a name needs to be that of a writable image; empty if it has one.
  private func imageSuffix(of name: String) -> String {
    let lowercased = name.lowercased()
    return [".jpg", ".jpeg", ".png"].contains(where: lowercased.hasSuffix) ? "" : ".jpg"
  }
}

/// Writes each object, cropped from its frame: `DIR/SOURCE/000123-0-person.jpg`.
///
/// The number in the middle is the object's position in the frame's JSON line.
struct CropImages {
  let tree: OutputTree
  let labels: [String]

  func write(_ picture: Picture, of result: FrameResult) throws {
    for (place, detection) in result.detections.enumerated() {
      let box = PixelBox(detection.box, width: picture.width, height: picture.height)
      // A box thinner than a pixel has nothing to show.
      guard
        let crop = try picture.cropped(
          x: Float(box.x), y: Float(box.y), width: Float(box.width), height: Float(box.height))
      else { continue }
      let name = ImageFile.safeName(ClassLabel.name(of: detection.classID, in: labels))
      let path = try tree.path(
        for: result.source, suffix: "/\(padded(result.index, 6))-\(place)-\(name).jpg")
      try ImageFile.write(crop, path: path)
    }
  }
}
