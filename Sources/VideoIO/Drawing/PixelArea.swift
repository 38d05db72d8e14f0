/// A rectangle of whole pixels; `right` and `bottom` are just outside it.
struct PixelArea: Hashable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int

  /// Farther than any picture reaches, and far from overflow.
  private static let farthest: Float = 16_777_216

  /// Rounds a rectangle to pixels; nil where a number is missing (NaN) or a side is negative.
  init?(x: Float, y: Float, width: Float, height: Float) {
    guard width >= 0, height >= 0,
      let left = Self.pixel(x), let right = Self.pixel(x + width),
      let top = Self.pixel(y), let bottom = Self.pixel(y + height)
    else { return nil }
    self.init(left: left, top: top, right: right, bottom: bottom)
  }

  init(left: Int, top: Int, right: Int, bottom: Int) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  var width: Int { right - left }
  var height: Int { bottom - top }

  /// The part inside a picture of `width` by `height`; nil where there is none.
  func clipped(width: Int, height: Int) -> PixelArea? {
    let inside = PixelArea(
      left: max(left, 0), top: max(top, 0), right: min(right, width), bottom: min(bottom, height))
    return inside.width > 0 && inside.height > 0 ? inside : nil
  }

  /// The smallest area with even corners around this one, so that its chroma is not shared.
  var evenOut: PixelArea {
    PixelArea(left: left & ~1, top: top & ~1, right: (right + 1) & ~1, bottom: (bottom + 1) & ~1)
  }

  /// The nearest pixel border to `value`; nil for NaN.
  static func pixel(_ value: Float) -> Int? {
    value.isNaN ? nil : Int(min(max(value, -farthest), farthest).rounded())
  }
}
