internal import Support

extension AnnotationSet {
  /// Reads the data set at `path`, whose content shows its format.
  ///
  /// A JSON file is read as COCO's, a folder of XML files as Pascal VOC's, a `data.yaml` or a
  /// folder of text files as YOLO's. `honorsIgnore` makes COCO's flag `ignore` count, which
  /// pycocotools overwrites with `iscrowd`.
  /// - Throws: `AnnotationError` that names the file and what to do about it.
  public init(path: String, honorsIgnore: Bool = false) throws(AnnotationError) {
    self = try Self.read(path, honorsIgnore: honorsIgnore)
    guard !images.isEmpty else {
      throw AnnotationError(
        path: path, message: "The truth has no image.", remedy: "Check that it is the right one.")
    }
  }

  private static func read(
    _ path: String, honorsIgnore: Bool
  ) throws(AnnotationError) -> AnnotationSet {
    guard FolderListing.item(at: path) == .folder else {
      switch PathText.suffix(of: path) {
      case "yaml", "yml":
        let layout = try YOLOReader.Layout(folder: PathText.folder(above: path), yaml: path)
        if let layout { return try YOLOReader(layout: layout).read() }
        throw unknown(path, "There are no label files beside it.")
      default:
        let data = try TextFile.contents(path)
        return try COCOReader(path: path, honorsIgnore: honorsIgnore).read(data)
      }
    }
    let annotations = try TextFile.paths(in: path, suffix: "xml")
    if !annotations.isEmpty {
      var reader = VOCReader(folder: path)
      return try reader.read(annotations)
    }
    if let layout = try YOLOReader.Layout(folder: path) {
      return try YOLOReader(layout: layout).read()
    }
    throw unknown(path, "The folder has neither .xml nor .txt files.")
  }

  private static func unknown(_ path: String, _ message: String) -> AnnotationError {
    AnnotationError(
      path: path, message: message,
      remedy: "Give COCO's instances.json, a folder of Pascal VOC's XML files, or a YOLO folder.")
  }
}
