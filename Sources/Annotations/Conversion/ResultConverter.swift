internal import Support

/// Converts results, line by line, to a format of another program.
///
/// Memory doesn't grow with the number of frames: what has to wait for its place in the output
/// waits in files without names beside it.
///
///     var converter = try ResultConverter(to: .coco, at: "out.json", options: ConversionOptions())
///     while let record = try reader.next() { try converter.take(record) }
///     try converter.finish()
public struct ResultConverter {
  /// How many frames were converted.
  public private(set) var frames = 0
  /// How many objects were converted.
  public private(set) var objects = 0
  /// How many lines about whole frames were left out: those of `classify` and `segment`.
  public private(set) var otherLines = 0
  /// How many pictures were left out: subtitles are for videos.
  public private(set) var pictures = 0
  /// How many objects the format has no place for, since they have no track.
  public var untracked: Int { (exporter as? MOTExporter)?.leftOut ?? 0 }

  private let format: ExportFormat
  private let path: String
  private let options: ConversionOptions
  /// Made with the first frame or at the end: some formats begin with the classes of the run.
  private var exporter: (any FrameExporter)?
  private var classes = ClassTable()
  private var detector: String?
  private var sources: [String: ExportedSource] = [:]
  /// The names of `sources` in the order in which they came.
  private var order: [String] = []
  private var names = OutputNames()

  /// Prepares the output at `path`, which appears when it is complete; `-` is standard output for
  /// the formats that are one file.
  public init(to format: ExportFormat, at path: String, options: ConversionOptions) {
    self.format = format
    self.path = path
    self.options = options
  }

  /// Takes in a line of results.
  ///
  /// - Throws: `AnnotationError` for results that the format can't express, an error of the file
  ///   system if the output fails.
  public mutating func take(_ record: Record) throws {
    switch record {
    case .run(let run):
      // Those of an earlier file have ended, whatever their lines say.
      try endAll()
      detector = detector ?? run.model?.name
      classes.add(run.model?.classes ?? [])
    case .source(let source):
      try end(source.source)
      begin(source)
    case .frame(let frame): try take(frame)
    case .end(let end):
      if sources[end.source] == nil { begin(end.source) }
      sources[end.source]?.frameCount = max(end.frames.decoded, 0)
      if end.status == .failed { sources[end.source]?.failure = end.reason }
      try self.end(end.source)
    case .summary: try endAll()
    case .classes, .segments: otherLines += 1
    case .event, .gap: break
    }
  }

  /// Completes the output.
  ///
  /// - Throws: An error of the file system if that fails.
  public mutating func finish() throws {
    try endAll()
    try prepare()
    try exporter?.finish(classes)
  }

  /// Removes what was written so far.
  public func discard() { exporter?.discard() }

  private mutating func take(_ frame: FrameRecord) throws {
    guard frame.index.isMultiple(of: max(options.step, 1)) else { return }
    if sources[frame.source] == nil { begin(frame.source) }
    guard var source = sources[frame.source] else { return }
    guard !(source.isPicture && format.isForVideos) else {
      pictures += 1
      return
    }
    if source.width == nil || source.height == nil {
      (source.width, source.height) = (frame.width, frame.height)
      sources[frame.source] = source
    }
    var record = frame
    record.objects.removeAll { $0.confidence < options.leastConfidence }
    try prepare()
    let numbers = record.objects.map { classes.number(of: $0.label) }
    let picture =
      source.isPicture
      ? Self.picture(source.name) : "\(source.stem)/\(padded(record.index, 6)).jpg"
    try exporter?.add(
      ExportedFrame(source: source, picture: picture, record: record, classes: numbers))
    frames += 1
    objects += record.objects.count
  }

  private mutating func begin(_ record: SourceRecord) {
    var source = ExportedSource(
      name: record.source, stem: stem(of: record.source), isPicture: record.kind == .image)
    (source.width, source.height) = (record.width, record.height)
    if let rate = record.averageFrameRate, rate.numerator > 0, rate.denominator > 0 {
      source.rate = Double(rate.numerator) / Double(rate.denominator)
    }
    add(source)
  }

  /// Begins a source of which only the name is known; the suffix shows whether it is a picture.
  private mutating func begin(_ name: String) {
    let isPicture = Self.pictures.contains(PathText.suffix(of: name))
    add(ExportedSource(name: name, stem: stem(of: name), isPicture: isPicture))
  }

  private mutating func add(_ source: ExportedSource) {
    sources[source.name] = source
    order.append(source.name)
  }

  private static let pictures: Set<String> = [
    "avif", "bmp", "gif", "heic", "heif", "jfif", "jp2", "jpeg", "jpg", "png", "tif", "tiff",
    "webp",
  ]

  /// A picture's name as a relative path: data sets can't be moved with others.
  private static func picture(_ name: String) -> String {
    let isRelative = !name.utf8.starts(with: "/".utf8) && !name.contains("://")
    return isRelative && !PathText.components(of: name).contains("..") ? name : PlainPath.of(name)
  }

  /// A path for what belongs to a source: its name without the suffix, or with a number where that
  /// is another source's.
  private mutating func stem(of name: String) -> String {
    let place = PlainPath.of(name)
    let suffix = PathText.suffix(of: place)
    let stem =
      suffix.isEmpty
      ? place : String(place.unicodeScalars.dropLast(suffix.unicodeScalars.count + 1))
    return names.file(stem)
  }

  private mutating func end(_ name: String) throws {
    guard let source = sources.removeValue(forKey: name) else { return }
    order.removeAll { $0 == name }
    guard !(source.isPicture && format.isForVideos) else { return }
    try prepare()
    try exporter?.end(source, classes)
  }

  private mutating func endAll() throws {
    // Emptied first: to look each of thousands of pictures up in it would take long.
    let names = order
    order = []
    for name in names { try end(name) }
  }

  /// Makes the writer.
  private mutating func prepare() throws {
    guard exporter == nil else { return }
    let isPlain = OpenDescriptor.number(ofOutput: path) == nil
    let folder = isPlain ? PathText.parent(of: path) : temporaryFolder()
    let version = options.version
    exporter =
      switch format {
      case .coco:
        try COCOExporter(path, folder: folder, ids: COCONumbers(classes.names), version: version)
      case .cocoResults: try COCOResultsExporter(path, ids: COCONumbers(classes.names))
      case .yolo: try YOLOExporter(PartialFolder(path), writesScores: options.writesScores)
      case .voc: try VOCExporter(PartialFolder(path))
      case .mot: try MOTExporter(PartialFolder(path), isDetections: false)
      case .motDetections: try MOTExporter(PartialFolder(path), isDetections: true)
      case .cvatVideo:
        try CVATVideoExporter(SourceOutputs(path, suffix: "xml", folder: folder))
      case .cvatImages: try CVATImagesExporter(path, folder: folder)
      case .labelStudio:
        try LabelStudioExporter(path, folder: folder, prefix: options.prefix, version: version)
      case .megadetector:
        try MegaDetectorExporter(
          path, folder: folder, detector: detector ?? "unknown", version: version)
      case .fiftyone: try FiftyOneExporter(PartialFolder(path))
      case .csv: try CSVExporter(path)
      case .vtt: try VTTExporter(SourceOutputs(path, suffix: "vtt", folder: folder))
      case .ass: try ASSExporter(SourceOutputs(path, suffix: "ass", folder: folder))
      }
  }
}
