public import Media

extension Picture {
  /// How sharp the picture is, in relation to its contrast: the root mean square of the luma's
  /// Laplacian over that of its deviation from the mean.
  ///
  /// Near 0 for a blurred picture or one of a single colour, up to 4 for noise. Of a large picture
  /// a few thousand pixels are sampled, spread evenly. 0 if a side has fewer than three pixels.
  public var sharpness: Double {
    guard width > 2, height > 2 else { return 0 }
    let step = max(1, Int((Double(width) * Double(height) / 4096).squareRoot()))
    // Whole numbers, so that the order of adding doesn't matter.
    var (count, sum, squares, changes) = (0, 0, 0, 0)
    for y in stride(from: 1, to: height - 1, by: step) {
      withRow(.luma, y - 1) { above in
        withRow(.luma, y) { row in
          withRow(.luma, y + 1) { below in
            for x in stride(from: 1, to: width - 1, by: step) {
              let value = Int(row[x])
              let change =
                4 * value - Int(row[x - 1]) - Int(row[x + 1]) - Int(above[x]) - Int(below[x])
              count += 1
              sum += value
              squares += value * value
              changes += change * change
            }
          }
        }
      }
    }
    let mean = Double(sum) / Double(count)
    let variance = max(Double(squares) / Double(count) - mean * mean, 0)
    // The rounding of a picture without any contrast is no sharpness.
    return (Double(changes) / Double(count)).squareRoot() / (variance.squareRoot() + 4)
  }
}
