public import Geometry

/// Merges the detections of the tiles of one frame, some of which may be the whole frame, at
/// different input sizes.
///
/// A box that touches a border between tiles belongs to an object that continues beyond it, and is
/// dropped: a neighbouring tile, or the whole frame, shows more of that object. The remaining
/// detections of all tiles go through one suppression (Ozge Unel et al. 2019, "The Power of Tiling
/// for Small Object Detection"; Akyon et al. 2022, arXiv:2202.06934).
///
/// Reuses its memory from frame to frame.
public struct TileMerge: Sendable {
  /// How close to a border a box counts as touching it, as a fraction of the tile's side.
  public static let borderTolerance: Float = 0.02

  private var suppression: NonMaximumSuppression
  private var found: [Detection] = []

  /// Creates a merge with the IoU threshold, the limit and the treatment of classes from `options`.
  public init(options: DetectionOptions) {
    suppression = NonMaximumSuppression(
      iouThreshold: options.iouThreshold, isClassAgnostic: options.isClassAgnostic,
      limit: max(options.maximumDetections, 0))
  }

  /// Adds the detections of one tile.
  ///
  /// Boxes are in fractions of the tile, and `tile` is its place in fractions of the frame.
  public mutating func add(_ detections: [Detection], from tile: BoundingBox) {
    for detection in detections where !tile.cuts(detection.box) {
      var moved = detection
      moved.box = tile.frameBox(of: detection.box)
      found.append(moved)
    }
  }

  /// The detections of the frame in descending order of score, with boxes in fractions of the
  /// frame.
  ///
  /// The next frame starts with none.
  ///
  /// Detections with equal scores keep the order in which they were added.
  public mutating func finish() -> [Detection] {
    defer { found.removeAll(keepingCapacity: true) }
    return suppression(found)
  }
}

extension BoundingBox {
  /// Whether `box`, in fractions of this tile, touches one of its borders that is not the frame's.
  fileprivate func cuts(_ box: BoundingBox) -> Bool {
    let tolerance = TileMerge.borderTolerance
    return xMin > 0 && box.xMin <= tolerance || yMin > 0 && box.yMin <= tolerance
      || xMax < 1 && box.xMax >= 1 - tolerance || yMax < 1 && box.yMax >= 1 - tolerance
  }

  /// `box`, in fractions of this tile, converted to fractions of the frame.
  fileprivate func frameBox(of box: BoundingBox) -> BoundingBox {
    let (width, height) = (xMax - xMin, yMax - yMin)
    return BoundingBox(
      xMin: xMin + box.xMin * width, yMin: yMin + box.yMin * height,
      xMax: xMin + box.xMax * width, yMax: yMin + box.yMax * height
    ).clipped
  }
}
