internal import Geometry
internal import Support

/// Reads a folder of YOLO label files.
///
/// A label file has one object per line: `class x y width height`, centre and size in fractions of
/// the image, or `class x y x y x y…`, an outline, of which the bounding box is used. An empty file
/// means an image without objects; an image without a file was never annotated. The size of the
/// images is not known: boxes stay fractions until they meet results, which state it.
struct YOLOReader {
  /// Where the class names and the label files are.
  struct Layout {
    /// The file with the names of the classes.
    var names: String
    /// The folder of the label files.
    var labels: String
    /// Their paths relative to it.
    var files: [String]

    /// Finds the files of the data set in `folder`; `nil` if there are no label files.
    ///
    /// - Throws: `AnnotationError` if there are label files, but no class names.
    init?(folder: String, yaml: String? = nil) throws(AnnotationError) {
      let inner = PathText.join(folder, "labels")
      labels = FolderListing.item(at: inner) == .folder ? inner : folder
      files = try TextFile.paths(in: labels, suffix: "txt").filter { path in
        !Self.nameFiles.contains(String(path.split(separator: "/").last ?? ""))
      }
      guard !files.isEmpty else { return nil }
      guard let names = yaml ?? Self.findNames(near: labels, folder) else {
        throw AnnotationError(
          path: folder, message: "It has label files, but no data.yaml and no classes.txt.",
          remedy: "Write the class names into a classes.txt there, one per line.")
      }
      self.names = names
    }

    private static let nameFiles: Set<String> = [
      "data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "classes.names",
    ]

    private static func findNames(near labels: String, _ folder: String) -> String? {
      let parent = PathText.folder(above: folder)
      let grandparent = PathText.folder(above: parent)
      for place in [folder, labels, parent, grandparent] {
        for name in nameFiles.sorted(by: >) {
          let path = PathText.join(place, name)
          if FolderListing.item(at: path) != .missing { return path }
        }
      }
      return nil
    }
  }

  let layout: Layout

  /// Reads the label files.
  ///
  /// - Throws: `AnnotationError` that names the file and the line.
  func read() throws(AnnotationError) -> AnnotationSet {
    let names = try ClassNameList(path: layout.names).read()
    let categories = names.enumerated().map { number, name in
      AnnotationSet.Category(id: .number(number), name: name)
    }
    var images: [AnnotationSet.Image] = []
    for file in layout.files {
      let stem = String(file.dropLast(".txt".count))
      var image = AnnotationSet.Image(
        id: .text(stem), name: stem, width: nil, height: nil, boxes: [])
      image.isRelative = true
      image.boxes = try boxes(file, classes: names.count)
      images.append(image)
    }
    return AnnotationSet(form: .yolo, categories: categories, images: images)
  }

  private func boxes(_ file: String, classes: Int) throws(AnnotationError) -> [AnnotationSet.Box] {
    let path = PathText.join(layout.labels, file)
    let lines = try TextFile.text(path)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var boxes: [AnnotationSet.Box] = []
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      let place = "\(path):\(number + 1)"
      let numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, let classID = Int(exactly: numbers[0]),
        let box = Self.box(numbers.dropFirst())
      else {
        throw AnnotationError(
          path: place, message: "It is not a YOLO label.",
          remedy: "Write 'class x y width height', center and size in fractions, 0 to 1.")
      }
      guard (0..<classes).contains(classID) else {
        throw AnnotationError(
          path: place, message: "Class \(classID) has no name.",
          remedy: "\(layout.names) names classes 0 to \(classes - 1).")
      }
      boxes.append(AnnotationSet.Box(category: classID, box: box, area: box.area))
    }
    return boxes
  }

  /// A box in fractions; `nil` if the numbers are neither a box nor an outline.
  private static func box(_ numbers: ArraySlice<Double>) -> PixelBox? {
    // Programs round, and some clip badly; numbers further out must be pixels.
    guard numbers.allSatisfy({ (-0.5...1.5).contains($0) }) else { return nil }
    let numbers = Array(numbers)
    if numbers.count == 4 {
      return PixelBox(
        x: numbers[0] - numbers[2] / 2, y: numbers[1] - numbers[3] / 2, width: numbers[2],
        height: numbers[3])
    }
    guard numbers.count >= 6, numbers.count.isMultiple(of: 2) else { return nil }
    let xs = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
    let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max()
    else { return nil }
    return PixelBox(x: left, y: top, width: right - left, height: bottom - top)
  }
}
