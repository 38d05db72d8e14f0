internal import Geometry

/// The priors of one feature map: the same sizes around the centre of every cell.
struct PriorGrid {
  /// Number of cells from top to bottom.
  let rows: Int
  /// Number of cells from left to right.
  let columns: Int
  /// Vertical distance between two centres, in fractions of the input's height.
  let rowStep: Double
  /// Horizontal distance between two centres, in fractions of the input's width.
  let columnStep: Double
  /// Position of the centre in its cell, in steps.
  var offset = 0.5
  /// Widths and heights, in fractions of the input's width and height.
  let sizes: [(width: Double, height: Double)]

  /// Appends the priors in the order y, x, size.
  func append(to priors: inout [CenterBox]) {
    for row in 0..<rows {
      let cy = Float((Double(row) + offset) * rowStep)
      for column in 0..<columns {
        let cx = Float((Double(column) + offset) * columnStep)
        for size in sizes {
          priors.append(
            CenterBox(cx: cx, cy: cy, width: Float(size.width), height: Float(size.height)))
        }
      }
    }
  }
}

/// The scales of `maps` feature maps, evenly spaced from `minimum` to `maximum`, then a final 1.
///
/// Liu et al. 2016, arXiv:1512.02325, equation 4; both TensorFlow and torchvision end with 1.
func evenScales(minimum: Double, maximum: Double, maps: Int) -> [Double] {
  let last = Double(max(maps - 1, 1))
  return (0..<maps).map { minimum + (maximum - minimum) * Double($0) / last } + [1]
}
