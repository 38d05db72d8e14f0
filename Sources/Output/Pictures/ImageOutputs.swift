internal import Annotations
internal import Geometry
internal import Support
internal import Pipeline
internal import SSDLite
internal import Media
internal import Pictures

/// Writes each analysed frame with its objects drawn: `DIR/SOURCE/000123.jpg`.
///
/// The only frame of an image keeps the image's own name. What a live source showed can't be read
/// again, so its frames are kept apart by run: `DIR/SOURCE/RUN/000123.jpg`.
struct FrameImages {
  let tree: OutputTree
  let run: String

  func write(_ picture: Picture, of result: FrameResult, kind: SourceKind) throws {
    let path =
      kind == .image
      ? try tree.file(for: result.source)
      : try tree.picture(
        "\(padded(result.index, 6)).jpg", of: result.source, run: kind == .live ? run : nil)
    try ImageFile.write(picture, path: path)
  }
}

/// Writes each object, cropped from its frame: `DIR/SOURCE/000123-0-person.jpg`, for a live source
/// `DIR/SOURCE/RUN/000123-0-person.jpg`.
///
/// The number in the middle is the object's position in the frame's JSON line.
struct CropImages {
  let tree: OutputTree
  let labels: [String]
  let run: String

  func write(_ picture: Picture, of result: FrameResult, kind: SourceKind) throws {
    for (place, detection) in result.detections.enumerated() {
      let box = PixelBox(detection.box, width: picture.width, height: picture.height)
      // A box thinner than a pixel has nothing to show.
      guard
        let crop = try picture.cropped(
          x: Float(box.x), y: Float(box.y), width: Float(box.width), height: Float(box.height))
      else { continue }
      let name = ImageFile.safeName(ClassLabel.name(of: detection.classID, in: labels))
      let path = try tree.picture(
        "\(padded(result.index, 6))-\(place)-\(name).jpg", of: result.source,
        run: kind == .live ? run : nil)
      try ImageFile.write(crop, path: path)
    }
  }
}
