import Layers
import SSDLite
import TestSupport
@testable import Geometry

/// Boxes from rows of four values `(xMin, yMin, xMax, yMax)`.
func boxes(_ rows: [Float]) -> [BoundingBox] {
  stride(from: 0, to: rows.count, by: 4).map {
    BoundingBox(xMin: rows[$0], yMin: rows[$0 + 1], xMax: rows[$0 + 2], yMax: rows[$0 + 3])
  }
}

/// Rows of four values `(xMin, yMin, xMax, yMax)`.
func corners(_ boxes: [BoundingBox]) -> [Float] {
  boxes.flatMap { [$0.xMin, $0.yMin, $0.xMax, $0.yMax] }
}

extension BoundingBox {
  /// The box with its axes scaled.
  func scaled(x: Float, y: Float) -> BoundingBox {
    BoundingBox(xMin: xMin * x, yMin: yMin * y, xMax: xMax * x, yMax: yMax * y)
  }

  /// The box with its axes swapped: for rows `(yMin, xMin, yMax, xMax)`.
  var transposed: BoundingBox { BoundingBox(xMin: yMin, yMin: xMin, xMax: yMax, yMax: xMax) }

  /// A box with random corners in -0.2...1.2.
  static func random(using random: inout SplitMix64) -> BoundingBox {
    let x = Float.random(in: -0.2...1, using: &random)
    let y = Float.random(in: -0.2...1, using: &random)
    return BoundingBox(
      xMin: x, yMin: y, xMax: x + Float.random(in: 0.01...0.4, using: &random),
      yMax: y + Float.random(in: 0.01...0.4, using: &random))
  }
}

extension Session {
  /// Fills the input from a map in the order channel, row, column, and runs.
  func run(planar: [Float]) {
    fill(interleaved(planar, channels: 3))
    run()
  }
}
