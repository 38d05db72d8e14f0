/// A box given by its edges.
///
/// Detections are in fractions of the frame, 0...1; the arithmetic works in any unit.
public struct BoundingBox: Codable, Hashable, Sendable {
  /// Left edge.
  public var xMin: Float
  /// Upper edge.
  public var yMin: Float
  /// Right edge.
  public var xMax: Float
  /// Lower edge.
  public var yMax: Float

  /// Creates a box from its edges.
  public init(xMin: Float, yMin: Float, xMax: Float, yMax: Float) {
    self.xMin = xMin
    self.yMin = yMin
    self.xMax = xMax
    self.yMax = yMax
  }

  /// Area; 0 or negative if the box is empty.
  public var area: Float { (xMax - xMin) * (yMax - yMin) }

  /// Whether the box has no area, or an edge is NaN.
  public var isEmpty: Bool { !(xMax > xMin && yMax > yMin) }

  /// The part inside the frame, 0...1.
  ///
  /// NaN stays NaN, which makes the box empty.
  public var clipped: BoundingBox {
    BoundingBox(xMin: clip(xMin), yMin: clip(yMin), xMax: clip(xMax), yMax: clip(yMax))
  }

  private func clip(_ edge: Float) -> Float {
    edge < 0 ? 0 : edge > 1 ? 1 : edge
  }
}

/// Intersection over union: 1 for equal boxes, 0 for disjoint boxes.
///
/// NaN if both boxes are empty.
public func iou(_ a: BoundingBox, _ b: BoundingBox) -> Float {
  let width = max(0, min(a.xMax, b.xMax) - max(a.xMin, b.xMin))
  let height = max(0, min(a.yMax, b.yMax) - max(a.yMin, b.yMin))
  let intersection = width * height
  return intersection / (a.area + b.area - intersection)
}
