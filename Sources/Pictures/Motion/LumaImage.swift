/// The luma of a picture, 8 bits for each pixel, row by row.
public struct LumaImage: Hashable, Sendable {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  let pixels: [UInt8]

  /// Takes over pixels.
  ///
  /// - Precondition: there are `width * height` of them.
  init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height, "\(pixels.count) of \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The luma of an RGB picture (BT.601).
  public init(_ image: RGBImage) {
    let pixels = image.withPixels { rgb in
      unsafe [UInt8](unsafeUninitializedCapacity: image.width * image.height) { pixels, count in
        for index in 0..<image.width * image.height {
          let (red, green, blue) = (rgb[3 * index], rgb[3 * index + 1], rgb[3 * index + 2])
          let sum = 77 * UInt32(red) + 150 * UInt32(green) + 29 * UInt32(blue)
          unsafe pixels[index] = UInt8(truncatingIfNeeded: sum >> 8)
        }
        count = image.width * image.height
      }
    }
    self.init(width: image.width, height: image.height, pixels: pixels)
  }

  /// The sum of absolute differences between a block of this picture and one of another; both lie
  /// inside.
  func difference(_ x: Int, _ y: Int, to other: LumaImage, _ otherX: Int, _ otherY: Int) -> Int {
    let side = LumaBlock.side
    precondition(
      x >= 0 && y >= 0 && x + side <= width && y + side <= height && otherX >= 0 && otherY >= 0
        && otherX + side <= other.width && otherY + side <= other.height)
    return unsafe pixels.withUnsafeBytes { here in
      unsafe other.pixels.withUnsafeBytes { there in
        var sums = SIMD16<UInt16>.zero
        for row in 0..<side {
          let a = unsafe here.loadUnaligned(
            fromByteOffset: (y + row) * width + x, as: SIMD16<UInt8>.self)
          let b = unsafe there.loadUnaligned(
            fromByteOffset: (otherY + row) * other.width + otherX, as: SIMD16<UInt8>.self)
          let difference = pointwiseMax(a, b) &- pointwiseMin(a, b)
          sums &+= SIMD16<UInt16>(truncatingIfNeeded: difference)
        }
        return Int(sums.wrappedSum())
      }
    }
  }
}

/// A square part of a picture by which it is recognised in another one.
struct LumaBlock: Hashable, Sendable {
  /// Its width and height: a vector of bytes; the sum of its differences fits 16 bits.
  static let side = 16
  /// The mean step between neighbours, along both axes, from which it has something to recognise.
  private static let leastTexture = 2
  /// Pixels that masks may have in it.
  private static let mostHidden = 8

  var x: Int
  var y: Int

  /// The blocks of a picture that have texture along both axes, spread evenly.
  static func blocks(of image: LumaImage) -> [LumaBlock] {
    let count = 8
    let (columns, rows) = (image.width - 2 * side, image.height - 2 * side)
    guard columns > 0, rows > 0 else { return [] }
    return (0..<count * count).compactMap { cell in
      let x = side / 2 + (2 * (cell % count) + 1) * columns / (2 * count)
      let y = side / 2 + (2 * (cell / count) + 1) * rows / (2 * count)
      let block = LumaBlock(x: x, y: y)
      return block.isUsable(in: image) ? block : nil
    }
  }

  private func isUsable(in image: LumaImage) -> Bool {
    var (across, down, hidden) = (0, 0, 0)
    for row in y..<y + Self.side {
      for column in x..<x + Self.side {
        let place = row * image.width + column
        let value = Int(image.pixels[place])
        if value == Int(Scaler.hidden) { hidden += 1 }
        across += abs(Int(image.pixels[place + 1]) - value)
        down += abs(Int(image.pixels[place + image.width]) - value)
      }
    }
    let least = Self.leastTexture * Self.side * Self.side
    return across >= least && down >= least && hidden <= Self.mostHidden
  }
}
