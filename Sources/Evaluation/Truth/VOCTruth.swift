internal import Geometry

/// Reads a folder of XML files in the form of Pascal VOC.
///
/// A VOC box names its first and last pixel, counted from 1, both inside (Everingham et al., VOC2012
/// development kit, section 3). So the box from 1 to 10 is ten pixels wide and begins at 0. Objects
/// marked `difficult` count neither for nor against the detector. An image is known by the name of its
/// XML file, as VOC's own lists do it; the element `filename` gives the suffix only.
struct VOCTruth {
  let folder: String
  private var places: [String: Int] = [:]
  private var categories: [TruthSet.Category] = []

  init(folder: String) { self.folder = folder }

  /// - Throws: `EvaluationError` that names the file.
  mutating func read(_ files: [String]) throws(EvaluationError) -> TruthSet {
    var images: [TruthSet.Image] = []
    for file in files { images.append(try image(file)) }
    return TruthSet(form: .voc, categories: categories, images: images)
  }

  private mutating func image(_ file: String) throws(EvaluationError) -> TruthSet.Image {
    let path = FolderFiles.join(folder, file)
    let root = try XMLReader.read(Array(FolderFiles.text(path).utf8), path: path)
    guard root.name == "annotation" else {
      throw EvaluationError(
        path: path, message: "Its outermost element is <\(root.name)>, not <annotation>.",
        remedy: "Give a folder with annotations in the form of Pascal VOC only.")
    }
    let suffix = FolderFiles.suffix(root["filename"]?.text ?? "")
    let stem = String(file.dropLast(".xml".count))
    var image = TruthSet.Image(
      id: .text(stem), name: suffix.isEmpty ? stem : "\(stem).\(suffix)",
      width: side(root["size"]?["width"]), height: side(root["size"]?["height"]), boxes: [])
    for (index, object) in root.children.filter({ $0.name == "object" }).enumerated() {
      image.boxes.append(try box(object, "\(path): object \(index + 1)"))
    }
    return image
  }

  private func side(_ element: XMLElement?) -> Int? {
    guard let pixels = element.flatMap({ Double($0.text) }), pixels >= 1,
      pixels <= PixelBox.farthest
    else { return nil }
    return Int(pixels)
  }

  private mutating func box(
    _ object: XMLElement, _ place: String
  ) throws(EvaluationError) -> TruthSet.Box {
    guard let name = object["name"]?.text, !name.isEmpty else {
      throw EvaluationError(
        path: place, message: "It has no name.", remedy: "Name every object's class in <name>.")
    }
    let edges = ["xmin", "ymin", "xmax", "ymax"].map { Double(object["bndbox"]?[$0]?.text ?? "") }
    guard let left = edges[0], let top = edges[1], let right = edges[2], let bottom = edges[3],
      let pixels = PixelBox([left - 1, top - 1, right - left + 1, bottom - top + 1]),
      pixels.width > 0, pixels.height > 0
    else {
      throw EvaluationError(
        path: place, message: "It has no usable box.",
        remedy: "Write <bndbox> with xmin, ymin, xmax and ymax in pixels.")
    }
    var box = TruthSet.Box(category: category(name), box: pixels, area: pixels.area)
    box.isIgnored = (object["difficult"]?.text).map { $0 != "0" && $0 != "" } ?? false
    return box
  }

  private mutating func category(_ name: String) -> Int {
    if let known = places[name] { return known }
    places[name] = categories.count
    categories.append(TruthSet.Category(id: .text(name), name: name))
    return categories.count - 1
  }
}
