internal import Geometry
internal import Support

extension PixelBox {
  /// The box `[x, y, width, height]`, or `nil` unless these are four numbers of a plausible size.
  init?(_ numbers: [Double]) {
    guard numbers.count == 4 else { return nil }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    guard isSane else { return nil }
  }

  /// Writes the array `[x, y, width, height]`, in tenths of a pixel.
  func write(to json: inout JSONWriter) {
    json.beginArray()
    for number in [x, y, width, height] { json.number(number, decimals: 1) }
    json.endArray()
  }

  /// A side of an image, or `nil` unless it is a plausible number of pixels.
  static func side(_ pixels: Double?) -> Int? {
    guard let pixels, pixels >= 1, pixels <= farthest else { return nil }
    return Int(pixels)
  }
}
