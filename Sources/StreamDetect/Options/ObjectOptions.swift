/// Which objects are reported.
///
/// The defaults are what the model recommends.
///
///     let options = ObjectOptions(confidence: 0.6, classes: ["person", "dog"])
public struct ObjectOptions: Hashable, Sendable {
  /// Smallest confidence that is reported, 0 to 1; `nil` for the model's own.
  public var confidence: Double?
  /// Overlap (intersection over union, 0 to 1) above which the weaker of two boxes of a class is
  /// dropped; `nil` for the model's own.
  public var overlap: Double?
  /// The maximum number of objects per frame, at least 1; `nil` for the model's own limit.
  public var maximum: Int?
  /// The classes to report, by name or by number; `nil` for all.
  public var classes: [String]?
  /// Classes not to report, by name or by number.
  public var excludedClasses: [String]
  /// Whether boxes of different classes suppress each other.
  public var isClassAgnostic: Bool
  /// The tiles that a frame is analysed in, for objects that are small in it.
  public var tiles: Tiling
  /// The input sizes that a frame is analysed at.
  public var sizes: Sizing
  /// Parts of the frame that the model doesn't see: they are grey to it, whatever they show.
  public var masks: [PictureArea]
  /// Parts of the frame that are analysed at full detail, besides the whole frame.
  ///
  /// Of each the smallest rectangle around it, in tiles as large as the model's input, or eight by
  /// eight if there would be more. A tile takes as much time as a whole frame.
  public var regions: [PictureArea]
  /// How objects are tracked; `nil` for not at all.
  ///
  /// Zones, lines and events need tracks: with any of them, `nil` stands for the default options.
  public var tracking: TrackingOptions?
  /// The zones that objects enter and leave.
  public var zones: [Zone]
  /// The lines whose crossings are counted.
  public var lines: [CountingLine]
  /// Whether events are reported also without zones and lines.
  public var reportsEvents: Bool

  /// Creates options; values are checked when they are used.
  public init(
    confidence: Double? = nil, overlap: Double? = nil, maximum: Int? = nil,
    classes: [String]? = nil, excludedClasses: [String] = [], isClassAgnostic: Bool = false,
    tiles: Tiling = .none, sizes: Sizing = .own,
    masks: [PictureArea] = [], regions: [PictureArea] = [], tracking: TrackingOptions? = nil,
    zones: [Zone] = [], lines: [CountingLine] = [], reportsEvents: Bool = false
  ) {
    self.confidence = confidence
    self.overlap = overlap
    self.maximum = maximum
    self.classes = classes
    self.excludedClasses = excludedClasses
    self.isClassAgnostic = isClassAgnostic
    self.tiles = tiles
    self.sizes = sizes
    self.masks = masks
    self.regions = regions
    self.tracking = tracking
    self.zones = zones
    self.lines = lines
    self.reportsEvents = reportsEvents
  }
}

/// The tiles that frames are analysed in, besides the whole frame.
///
/// A model shrinks a frame to its input size, and small objects vanish. In a tile they are larger;
/// each tile takes as much time as a whole frame.
public enum Tiling: Hashable, Sendable {
  /// The whole frame only.
  case none
  /// As many tiles as are worthwhile at the size of the frames; fewer if a live source leaves no
  /// time for them.
  case automatic
  /// Grids of so many tiles in a row and in a column: `[2]` is two by two, `[2, 3]` adds three by
  /// three. Up to three grids of 2 to 8.
  case grids([Int])
}
