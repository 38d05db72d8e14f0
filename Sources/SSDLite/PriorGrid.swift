internal import Geometry

/// The priors of one feature map: the same sizes around the centre of every cell.
struct PriorGrid {
  /// The centres along one side, evenly spaced, in fractions of the input's side.
  struct Centres {
    /// Number of cells.
    var count: Int
    /// Position of the first centre, in steps.
    var offset = 0.5
    /// The distance between two centres.
    var step: Double

    subscript(index: Int) -> Double { (Double(index) + offset) * step }
  }

  /// The centres from top to bottom.
  let rows: Centres
  /// The centres from left to right.
  let columns: Centres
  /// Widths and heights, in fractions of the input's width and height.
  let sizes: [(width: Double, height: Double)]

  /// Appends the priors in the order y, x, size.
  func append(to priors: inout [CenterBox]) {
    for row in 0..<rows.count {
      for column in 0..<columns.count {
        for size in sizes {
          priors.append(
            CenterBox(
              cx: Float(columns[column]), cy: Float(rows[row]), width: Float(size.width),
              height: Float(size.height)))
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
