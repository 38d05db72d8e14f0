/// A box given by its centre and size, in fractions of the network's input.
public struct CenterBox: Codable, Hashable, Sendable {
  /// Horizontal centre.
  public var cx: Float
  /// Vertical centre.
  public var cy: Float
  /// Width.
  public var width: Float
  /// Height.
  public var height: Float

  /// Creates a box around a centre.
  public init(cx: Float, cy: Float, width: Float, height: Float) {
    self.cx = cx
    self.cy = cy
    self.width = width
    self.height = height
  }

  /// Creates the box with these edges.
  public init(_ box: BoundingBox) {
    self.init(
      cx: (box.xMin + box.xMax) / 2, cy: (box.yMin + box.yMax) / 2, width: box.xMax - box.xMin,
      height: box.yMax - box.yMin)
  }

  /// The same box given by its edges.
  public var corners: BoundingBox {
    BoundingBox(
      xMin: cx - width / 2, yMin: cy - height / 2, xMax: cx + width / 2, yMax: cy + height / 2)
  }
}
