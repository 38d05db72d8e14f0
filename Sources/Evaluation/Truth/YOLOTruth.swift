internal import Geometry

/// Reads a folder of label files in the form of YOLO.
///
/// A label file has an object a line: `class x y width height`, center and size in fractions of the
/// image, or `class x y x y x y…`, an outline of which the box is taken. An empty file is an image
/// that shows nothing; an image without a file was never looked at. The size of an image comes from
/// what was found in it.
struct YOLOTruth {
  /// Where the names and the label files are.
  struct Layout {
    /// The file with the names of the classes.
    var names: String
    /// The folder of the label files.
    var labels: String
    /// Their paths in it.
    var files: [String]

    /// Looks around in `folder`; `nil` where no label file is.
    ///
    /// - Throws: `EvaluationError` where there are labels without names.
    init?(folder: String, yaml: String? = nil) throws(EvaluationError) {
      let inner = FolderFiles.join(folder, "labels")
      labels = FolderFiles.isFolder(inner) ? inner : folder
      files = FolderFiles.paths(in: labels, suffixes: ["txt"]).filter { path in
        !Self.nameFiles.contains(String(path.split(separator: "/").last ?? ""))
      }
      guard !files.isEmpty else { return nil }
      guard let names = yaml ?? Self.findNames(near: labels, folder) else {
        throw EvaluationError(
          path: folder, message: "It has label files, but no data.yaml and no classes.txt.",
          remedy: "Put the names of the classes there, a name a line in classes.txt.")
      }
      self.names = names
    }

    private static let nameFiles: Set<String> = [
      "data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "classes.names",
    ]

    private static func findNames(near labels: String, _ folder: String) -> String? {
      let parent = FolderFiles.parent(folder)
      let grandparent = FolderFiles.parent(parent)
      for place in [folder, labels, parent, grandparent] {
        for name in nameFiles.sorted(by: >) {
          let path = FolderFiles.join(place, name)
          if FolderFiles.isThere(path) { return path }
        }
      }
      return nil
    }
  }

  let layout: Layout

  /// - Throws: `EvaluationError` that names the file and the line.
  func read() throws(EvaluationError) -> TruthSet {
    let names = try ClassNameList(path: layout.names).read()
    let categories = names.enumerated().map { number, name in
      TruthSet.Category(id: .number(number), name: name)
    }
    var images: [TruthSet.Image] = []
    for file in layout.files {
      let stem = String(file.dropLast(".txt".count))
      var image = TruthSet.Image(id: .text(stem), name: stem, width: nil, height: nil, boxes: [])
      image.isRelative = true
      image.boxes = try boxes(file, classes: names.count)
      images.append(image)
    }
    return TruthSet(form: .yolo, categories: categories, images: images)
  }

  private func boxes(_ file: String, classes: Int) throws(EvaluationError) -> [TruthSet.Box] {
    let path = FolderFiles.join(layout.labels, file)
    let lines = try FolderFiles.text(path)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var boxes: [TruthSet.Box] = []
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      let place = "\(path):\(number + 1)"
      let numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, let classID = Int(exactly: numbers[0]),
        let box = Self.box(numbers.dropFirst())
      else {
        throw EvaluationError(
          path: place, message: "It is no YOLO label.",
          remedy: "Write 'class x y width height', center and size in fractions, 0 to 1.")
      }
      guard (0..<classes).contains(classID) else {
        throw EvaluationError(
          path: place, message: "Class \(classID) has no name.",
          remedy: "\(layout.names) names classes 0 to \(classes - 1).")
      }
      boxes.append(TruthSet.Box(category: classID, box: box, area: box.area))
    }
    return boxes
  }

  /// A box in fractions; `nil` where the numbers are neither a box nor an outline.
  private static func box(_ numbers: ArraySlice<Double>) -> PixelBox? {
    // Programs round, and some clip badly; beyond that the numbers are pixels.
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
