extension TruthSet {
  /// Reads a truth, whose form shows in what lies at `path`.
  ///
  /// A JSON file is COCO's; a folder with XML files is Pascal VOC's; a `data.yaml`, or a folder with
  /// text files, is YOLO's. With `honorsIgnore` the flag `ignore` of COCO's files counts, which
  /// pycocotools replaces by `iscrowd`.
  ///
  /// - Throws: `EvaluationError` that names the file and what helps.
  public init(path: String, honorsIgnore: Bool = false) throws(EvaluationError) {
    self = try Self.read(path, honorsIgnore: honorsIgnore)
    guard !images.isEmpty else {
      throw EvaluationError(
        path: path, message: "The truth has no image.", remedy: "Check that it is the right one.")
    }
  }

  private static func read(
    _ path: String, honorsIgnore: Bool
  ) throws(EvaluationError) -> TruthSet {
    guard FolderFiles.isFolder(path) else {
      let folder = FolderFiles.parent(path)
      switch FolderFiles.suffix(path) {
      case "yaml", "yml":
        let layout = try YOLOTruth.Layout(folder: folder.isEmpty ? "." : folder, yaml: path)
        if let layout { return try YOLOTruth(layout: layout).read() }
        throw unknown(path, "No label files lie beside it.")
      default:
        let data = try JSONFile.contents(path)
        return try COCOTruth(path: path, honorsIgnore: honorsIgnore).read(data)
      }
    }
    let annotations = FolderFiles.paths(in: path, suffixes: ["xml"])
    if !annotations.isEmpty {
      var reader = VOCTruth(folder: path)
      return try reader.read(annotations)
    }
    if let layout = try YOLOTruth.Layout(folder: path) {
      return try YOLOTruth(layout: layout).read()
    }
    throw unknown(path, "The folder has neither .xml nor .txt files.")
  }

  private static func unknown(_ path: String, _ message: String) -> EvaluationError {
    EvaluationError(
      path: path, message: message,
      remedy: "Give COCO's instances.json, a folder of Pascal VOC's XML files, or a YOLO folder.")
  }
}
