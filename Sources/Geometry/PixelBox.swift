/// A box in pixels of its image: upper left corner and size, as COCO writes it.
public struct PixelBox: Hashable, Sendable {
  /// Left edge.
  public var x: Double
  /// Upper edge.
  public var y: Double
  /// From the left to the right edge.
  public var width: Double
  /// From the upper to the lower edge.
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

  /// Farther than any image reaches, and far from overflow.
  package static let farthest = 1e7

  /// Whether every number is one, and none so large that products of them would overflow.
  package var isSane: Bool {
    [x, y, width, height].allSatisfy { $0.magnitude <= Self.farthest }
  }

  /// The part shared with `truth`, as a share of both together.
  ///
  /// A crowd may hold many objects, so beside a crowd only this box itself counts: the share of it
  /// that lies in the crowd. The order of the operations is that of pycocotools' `bbIou`, since the
  /// result is compared with thresholds that round numbers reach exactly.
  package func overlap(with truth: PixelBox, isCrowd: Bool) -> Double {
    let w = min(width + x, truth.width + truth.x) - max(x, truth.x)
    guard w > 0 else { return 0 }
    let h = min(height + y, truth.height + truth.y) - max(y, truth.y)
    guard h > 0 else { return 0 }
    let shared = w * h
    return shared / (isCrowd ? area : area + truth.area - shared)
  }

  /// The box on an image that is `x` times as wide and `y` times as high.
  package func scaled(x factorX: Double, y factorY: Double) -> PixelBox {
    PixelBox(x: x * factorX, y: y * factorY, width: width * factorX, height: height * factorY)
  }
}

extension PixelBox {
  /// `box`, in fractions of a frame of `width` by `height` pixels, clipped to that frame.
  public init(_ box: BoundingBox, width: Int, height: Int) {
    let (columns, rows) = (Float(width), Float(height))
    let (left, top) = (min(max(box.xMin, 0), 1) * columns, min(max(box.yMin, 0), 1) * rows)
    self.init(
      x: Double(left), y: Double(top),
      width: Double(min(max(box.xMax, 0), 1) * columns - left),
      height: Double(min(max(box.yMax, 0), 1) * rows - top))
  }
}
