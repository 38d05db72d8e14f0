internal import Geometry

extension PixelBox {
  /// The box `[x, y, width, height]`, or `nil` unless these are four numbers of a plausible size.
  init?(_ numbers: [Double]) {
    guard numbers.count == 4 else { return nil }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    guard isSane else { return nil }
  }

  /// A side of an image, or `nil` unless it is a plausible number of pixels.
  static func side(_ pixels: Double?) -> Int? {
    guard let pixels, pixels >= 1, pixels <= farthest else { return nil }
    return Int(pixels)
  }
}
