public import Geometry

/// Puts what was found in the views of one frame together: the whole frame and its tiles.
///
/// A box that touches a border between tiles belongs to an object that goes on behind it, and is
/// dropped: a neighbour, or the whole frame, shows more of that object. What is left of all views goes
/// through one suppression (Ozge Unel et al. 2019, "The Power of Tiling for Small Object Detection";
/// Akyon et al. 2022, arXiv:2202.06934).
///
/// Keeps its memory from one frame to the next.
public struct TileMerge: Sendable {
  /// How near to a border a box counts as touching it, as a fraction of the tile's side.
  public static let borderTolerance: Float = 0.02

  private var suppression: NonMaximumSuppression
  private var found: [Detection] = []

  /// Creates a merge with the overlap, the limit and the treatment of classes of `options`.
  public init(options: DetectionOptions) {
    suppression = NonMaximumSuppression(
      iouThreshold: options.iouThreshold, isClassAgnostic: options.isClassAgnostic,
      limit: max(options.maximumDetections, 0))
  }

  /// Adds the detections of one view.
  ///
  /// Boxes are in fractions of the view, and `view` is its place in fractions of the frame.
  public mutating func add(_ detections: [Detection], from view: BoundingBox) {
    for detection in detections where !view.cuts(detection.box) {
      var moved = detection
      moved.box = view.frameBox(of: detection.box)
      found.append(moved)
    }
  }

  /// The detections of the frame, by falling score, boxes in fractions of the frame; the next frame
  /// begins with none.
  ///
  /// Of equal scores the one that was added first comes first.
  public mutating func finish() -> [Detection] {
    defer { found.removeAll(keepingCapacity: true) }
    return suppression(found)
  }
}

extension BoundingBox {
  /// Whether a box in fractions of this view touches a border of it that is not the frame's.
  fileprivate func cuts(_ box: BoundingBox) -> Bool {
    let tolerance = TileMerge.borderTolerance
    return xMin > 0 && box.xMin <= tolerance || yMin > 0 && box.yMin <= tolerance
      || xMax < 1 && box.xMax >= 1 - tolerance || yMax < 1 && box.yMax >= 1 - tolerance
  }

  /// A box in fractions of this view, in fractions of the frame.
  fileprivate func frameBox(of box: BoundingBox) -> BoundingBox {
    let (width, height) = (xMax - xMin, yMax - yMin)
    return BoundingBox(
      xMin: xMin + box.xMin * width, yMin: yMin + box.yMin * height,
      xMax: xMin + box.xMax * width, yMax: yMin + box.yMax * height
    ).clipped
  }
}
