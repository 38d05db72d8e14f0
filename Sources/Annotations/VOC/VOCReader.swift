internal import Geometry
internal import Support

/// Reads a folder of XML files like Pascal VOC's.
///
/// A VOC box names its first and last pixel, both inclusive and counted from 1 (Everingham et al.,
/// VOC2012 development kit, section 3), so the box from 1 to 10 is ten pixels wide and starts at 0.
/// Objects marked `difficult` are ignored. An image is named after its XML file, as in VOC's own
/// lists; the element `filename` only provides the suffix.
struct VOCReader {
  let folder: String
  private var places: [String: Int] = [:]
  private var categories: [AnnotationSet.Category] = []

  init(folder: String) { self.folder = folder }

  /// Reads `files`, paths relative to the folder.
  ///
  /// - Throws: `AnnotationError` that names the file.
  mutating func read(_ files: [String]) throws(AnnotationError) -> AnnotationSet {
    var images: [AnnotationSet.Image] = []
    for file in files { images.append(try image(file)) }
    return AnnotationSet(form: .voc, categories: categories, images: images)
  }

  private mutating func image(_ file: String) throws(AnnotationError) -> AnnotationSet.Image {
    let path = PathText.join(folder, file)
    let root = try XMLReader.read(Array(TextFile.text(path).utf8), path: path)
    guard root.name == "annotation" else {
      throw AnnotationError(
        path: path, message: "Its outermost element is <\(root.name)>, not <annotation>.",
        remedy: "Give a folder that holds Pascal VOC annotations only.")
    }
    let suffix = PathText.suffix(of: root["filename"]?.text ?? "")
    let stem = String(file.dropLast(".xml".count))
    var image = AnnotationSet.Image(
      id: .text(stem), name: suffix.isEmpty ? stem : "\(stem).\(suffix)",
      width: side(root["size"]?["width"]), height: side(root["size"]?["height"]), boxes: [])
    for (index, object) in root.children.filter({ $0.name == "object" }).enumerated() {
      image.boxes.append(try box(object, "\(path): object \(index + 1)"))
    }
    return image
  }

  private func side(_ element: XMLElement?) -> Int? {
    PixelBox.side(element.flatMap { Double($0.text) })
  }

  private mutating func box(
    _ object: XMLElement, _ place: String
  ) throws(AnnotationError) -> AnnotationSet.Box {
    guard let name = object["name"]?.text, !name.isEmpty else {
      throw AnnotationError(
        path: place, message: "It has no name.", remedy: "Write every object's class into <name>.")
    }
    let edges = ["xmin", "ymin", "xmax", "ymax"].map { Double(object["bndbox"]?[$0]?.text ?? "") }
    guard let left = edges[0], let top = edges[1], let right = edges[2], let bottom = edges[3],
      let pixels = PixelBox([left - 1, top - 1, right - left + 1, bottom - top + 1]),
      pixels.width > 0, pixels.height > 0
    else {
      throw AnnotationError(
        path: place, message: "It has no usable box.",
        remedy: "Write <bndbox> with xmin, ymin, xmax and ymax in pixels.")
    }
    var box = AnnotationSet.Box(category: category(name), box: pixels, area: pixels.area)
    box.isIgnored = (object["difficult"]?.text).map { $0 != "0" && $0 != "" } ?? false
    return box
  }

  private mutating func category(_ name: String) -> Int {
    if let known = places[name] { return known }
    places[name] = categories.count
    categories.append(AnnotationSet.Category(id: .text(name), name: name))
    return categories.count - 1
  }
}
