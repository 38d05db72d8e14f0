/// A box in pixels of its image, given by its upper left corner and size as in COCO.
public struct PixelBox: Hashable, Sendable {
  /// Left edge.
  public var x: Double
  /// Upper edge.
  public var y: Double
  /// Width.
  public var width: Double
  /// Height.
  public var height: Double

  /// Creates a box from its corner and size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Width times height.
  public var area: Double { width * height }

  /// A limit that no real image reaches, small enough that products don't overflow.
  package static let farthest = 1e7

  /// Whether no value is NaN or so large that products of them would overflow.
  package var isSane: Bool {
    [x, y, width, height].allSatisfy { $0.magnitude <= Self.farthest }
  }

  /// Intersection over union with `truth`.
  ///
  /// A crowd region may cover many objects, so for a crowd the intersection is divided by the area
  /// of this box alone. The operations are in the order of pycocotools' `bbIou`: a result may be
  /// exactly a threshold such as 0.5, and then rounding decides.
  package func overlap(with truth: PixelBox, isCrowd: Bool) -> Double {
    let w = min(width + x, truth.width + truth.x) - max(x, truth.x)
    guard w > 0 else { return 0 }
    let h = min(height + y, truth.height + truth.y) - max(y, truth.y)
    guard h > 0 else { return 0 }
    let shared = w * h
    return shared / (isCrowd ? area : area + truth.area - shared)
  }

  /// The same box after its image has been scaled by `x` horizontally and `y` vertically.
  package func scaled(x factorX: Double, y factorY: Double) -> PixelBox {
    PixelBox(x: x * factorX, y: y * factorY, width: width * factorX, height: height * factorY)
  }
}

extension PixelBox {
  /// Converts `box` from fractions of a frame of `width` by `height` pixels, and clips it to the
  /// frame.
  public init(_ box: BoundingBox, width: Int, height: Int) {
    let (columns, rows) = (Float(width), Float(height))
    let (left, top) = (min(max(box.xMin, 0), 1) * columns, min(max(box.yMin, 0), 1) * rows)
    self.init(
      x: Double(left), y: Double(top),
      width: Double(min(max(box.xMax, 0), 1) * columns - left),
      height: Double(min(max(box.yMax, 0), 1) * rows - top))
  }
}
