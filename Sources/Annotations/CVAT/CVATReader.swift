internal import Geometry
internal import Support

/// Reads CVAT's XML files, version 1.1, for images and for videos.
///
/// Boxes are read, and of polygons the boxes around them. Of a track, frames in which the object is
/// `outside` don't count. CVAT writes every frame of a track, so nothing is interpolated.
struct CVATReader {
  let path: String

  /// The frames with objects in the file; of a video those without are left out.
  func read() throws(AnnotationError) -> [FrameRecord] {
    let root = try XMLReader.read(Array(TextFile.text(path).utf8), path: path)
    guard root.name == "annotations" else {
      throw AnnotationError(
        path: path, message: "Its outermost element is <\(root.name)>, not <annotations>.",
        remedy: "Give a file of 'CVAT for images 1.1' or 'CVAT for video 1.1'.")
    }
    var frames: [FrameRecord] = []
    for (number, image) in root.children.filter({ $0.name == "image" }).enumerated() {
      let place = "\(path): image \(number + 1)"
      guard let name = image.attributes["name"], !name.isEmpty else {
        throw AnnotationError(
          path: place, message: "It has no name.", remedy: "Write each image's file into 'name'.")
      }
      var objects: [ObjectRecord] = []
      for shape in image.children {
        if let object = try object(shape, label: shape.attributes["label"], place) {
          objects.append(object)
        }
      }
      frames.append(
        FrameRecord(
          source: name, index: 0, width: side(image.attributes["width"]),
          height: side(image.attributes["height"]), objects: objects))
    }
    return try frames + trackedFrames(of: root)
  }

  private func trackedFrames(of root: XMLElement) throws(AnnotationError) -> [FrameRecord] {
    let task = root["meta"]?["task"] ?? root["meta"]?["job"]
    let size = task?["original_size"]
    var frames: [Int: [ObjectRecord]] = [:]
    for (number, track) in root.children.filter({ $0.name == "track" }).enumerated() {
      let place = "\(path): track \(number + 1)"
      // CVAT's numbers begin at 0, ours at 1.
      let id = (track.attributes["id"].flatMap { Int($0) } ?? number) &+ 1
      for shape in track.children where shape.attributes["outside"] != "1" {
        guard var object = try object(shape, label: track.attributes["label"], place) else {
          continue
        }
        guard let frame = shape.attributes["frame"].flatMap({ Int($0) }),
          (0..<MOTChallengeFile.lastFrame).contains(frame)
        else {
          throw AnnotationError(
            path: place, message: "A box has no usable 'frame'.",
            remedy: "Write the number of the frame, from 0.")
        }
        object.trackID = max(id, 1)
        frames[frame, default: []].append(object)
      }
    }
    let source = task?["source"]?.text ?? task?["name"]?.text ?? ""
    return frames.sorted { $0.key < $1.key }.map { index, objects in
      FrameRecord(
        source: source.isEmpty ? PathText.name(of: path) : source, index: index,
        width: side(size?["width"]?.text), height: side(size?["height"]?.text), objects: objects)
    }
  }

  private func side(_ text: String?) -> Int? { PixelBox.side(text.flatMap { Double($0) }) }

  /// The object that a shape shows; `nil` for a shape that isn't one.
  private func object(
    _ shape: XMLElement, label: String?, _ place: String
  ) throws(AnnotationError) -> ObjectRecord? {
    let edges: [Double?]
    switch shape.name {
    case "box": edges = ["xtl", "ytl", "xbr", "ybr"].map { number(shape.attributes[$0]) }
    case "polygon": edges = around(shape.attributes["points"] ?? "")
    default: return nil
    }
    guard let label, !label.isEmpty, let left = edges[0], let top = edges[1],
      let right = edges[2], let bottom = edges[3],
      let box = PixelBox([left, top, right - left, bottom - top]), box.width >= 0, box.height >= 0
    else {
      throw AnnotationError(
        path: place, message: "A \(shape.name) has no label or no usable position.",
        remedy: "Export the task from CVAT again.")
    }
    return ObjectRecord(label: label, confidence: 1, box: box)
  }

  /// The edges of the box around `x,y;x,y;…`.
  private func around(_ points: String) -> [Double?] {
    let pairs = points.split(separator: ";").map { $0.split(separator: ",").map { Double($0) } }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else { return [nil, nil, nil, nil] }
    let (xs, ys) = (pairs.compactMap { $0[0] }, pairs.compactMap { $0[1] })
    guard xs.count == pairs.count, ys.count == pairs.count else { return [nil, nil, nil, nil] }
    return [xs.min(), ys.min(), xs.max(), ys.max()]
  }

  private func number(_ text: String?) -> Double? { text.flatMap { Double($0) } }
}
