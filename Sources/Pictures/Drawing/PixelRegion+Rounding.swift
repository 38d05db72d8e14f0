internal import Geometry

extension PixelRegion {
  /// A limit that no picture reaches, far from overflow.
  private static let farthest: Float = 16_777_216

  /// Rounds a rectangle to pixels; nil if a value is NaN or a side is negative.
  init?(x: Float, y: Float, width: Float, height: Float) {
    guard width >= 0, height >= 0,
      let left = Self.pixel(x), let right = Self.pixel(x + width),
      let top = Self.pixel(y), let bottom = Self.pixel(y + height)
    else { return nil }
    self.init(left: left, top: top, right: right, bottom: bottom)
  }

  /// The smallest region with even corners that contains this one: it shares no chroma sample.
  var expandedToEven: PixelRegion {
    PixelRegion(left: x & ~1, top: y & ~1, right: (right + 1) & ~1, bottom: (bottom + 1) & ~1)
  }

  /// The pixel edge nearest to `value`; nil for NaN.
  static func pixel(_ value: Float) -> Int? {
    value.isNaN ? nil : Int(min(max(value, -farthest), farthest).rounded())
  }
}
