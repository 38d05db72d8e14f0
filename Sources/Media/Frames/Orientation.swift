/// How a coded picture is rotated and mirrored for display.
///
/// The displayed pixel `(X, Y)` comes from the coded pixel `(x, y)`. Without swapped axes, `x`
/// follows from `X` and `y` from `Y`; with swapped axes, `y` follows from `X` and `x` from `Y`. A
/// flipped displayed axis counts backwards.
package struct Orientation: Hashable, Sendable {
  /// Whether width and height are swapped.
  package var swapsAxes = false
  /// Whether the displayed x axis runs opposite to the coded axis that it comes from.
  package var flipsX = false
  /// Whether the displayed y axis runs opposite to the coded axis that it comes from.
  package var flipsY = false

  package init(swapsAxes: Bool = false, flipsX: Bool = false, flipsY: Bool = false) {
    self.swapsAxes = swapsAxes
    self.flipsX = flipsX
    self.flipsY = flipsY
  }

  /// Displayed as coded.
  package static let identity = Orientation()

  /// The clockwise rotation from coded to displayed in degrees: 0, 90, 180 or 270.
  ///
  /// For a mirrored picture it is the rotation that remains after mirroring the displayed x axis
  /// back.
  package var degrees: Int {
    if swapsAxes { return flipsY ? 270 : 90 }
    return flipsY ? 180 : 0
  }

  /// Whether the displayed picture is a mirror image of the coded one.
  package var isMirrored: Bool {
    swapsAxes ? flipsX == flipsY : flipsX != flipsY
  }

  /// The displayed size for a coded size.
  package func displayed(width: Int, height: Int) -> (width: Int, height: Int) {
    swapsAxes ? (height, width) : (width, height)
  }
}

extension Orientation {
  /// Reads the 3 x 3 display matrix of FFmpeg and ISO base media files: displayed
  /// `x' = a x + c y`, `y' = b x + d y`, for `[a b u c d v x y w]`.
  ///
  /// An angle between two quarter turns is rounded to the nearer one. A matrix of zeros is the
  /// identity.
  package init(matrix: [Int32]) {
    guard matrix.count >= 5 else { return }
    let (a, b, c, d) = (
      Int64(matrix[0]), Int64(matrix[1]), Int64(matrix[3]), Int64(matrix[4])
    )
    swapsAxes = abs(b) + abs(c) > abs(a) + abs(d)
    flipsX = swapsAxes ? c < 0 : a < 0
    flipsY = swapsAxes ? b < 0 : d < 0
  }
}
