import Geometry
import TestSupport
import Testing

@testable import Pictures

@Suite("The camera's motion")
struct CameraShiftTests {
  /// Something that moves by itself, in pixels.
  private struct Mover {
    var x: Double
    var y: Double
    var width: Int
    var height: Int
  }

  /// A texture that any shift can be seen of.
  private struct Texture {
    private let lattice: [Double]

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      lattice = (0..<4096).map { _ in Double.random(in: 0...1, using: &random) }
    }

    private func noise(_ x: Double, _ y: Double) -> Double {
      let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
      let (right, down) = (x - Double(column), y - Double(row))
      func at(_ x: Int, _ y: Int) -> Double { lattice[(y & 63) << 6 | x & 63] }
      let above = at(column, row) * (1 - right) + at(column + 1, row) * right
      let below = at(column, row + 1) * (1 - right) + at(column + 1, row + 1) * right
      return above * (1 - down) + below * down
    }

    func value(_ x: Double, _ y: Double) -> UInt8 {
      UInt8(120 * noise(x / 5, y / 5) + 130 * noise(x / 19, y / 19))
    }
  }

  private let ground = Texture(seed: 1)
  private let other = Texture(seed: 2)

  private func picture(_ x: Double, _ y: Double, _ movers: [Mover] = []) -> LumaImage {
    let (left, top) = (500 - x, 500 - y)
    var pixels: [UInt8] = []
    for row in 0..<200 {
      for column in 0..<240 {
        pixels.append(ground.value(left + Double(column), top + Double(row)))
      }
    }
    for (number, mover) in movers.enumerated() {
      for row in 0..<mover.height {
        for column in 0..<mover.width {
          let (x, y) = (Int(mover.x) + column, Int(mover.y) + row)
          guard (0..<240).contains(x), (0..<200).contains(y) else { continue }
          pixels[y * 240 + x] = other.value(Double(column + 90 * number), Double(row))
        }
      }
    }
    return LumaImage(width: 240, height: 200, pixels: pixels)
  }

  /// So many objects that go to the left and to the right.
  private func movers(_ count: Int, at step: Int) -> [Mover] {
    (0..<count).map { number -> Mover in
      let way = (number % 2 == 0 ? 2.3 : -1.7) * Double(step % 60)
      let start = Double((number * 53 + 1000) % 260) - 30
      return Mover(x: start + way, y: Double(number * 71 % 170), width: 24, height: 40)
    }
  }

  @Test("a camera that stands is never said to move, whatever else does", arguments: [0, 8, 18])
  func standing(count: Int) {
    var camera = CameraShift()
    var told = 0
    for step in 0..<60 {
      guard let shift = camera.update(picture(0, 0, movers(count, at: step))) else { continue }
      told += 1
      #expect(shift == CameraShift.Shift(x: 0, y: 0), "\(step)")
    }
    #expect(told > 55)
  }

  @Test("a camera that swings is followed, and errors don't add up", arguments: [0, 8, 14])
  func swinging(count: Int) {
    var camera = CameraShift()
    var (last, sum) = ((x: 0.0, y: 0.0), (x: 0.0, y: 0.0))
    // Back and forth over a quarter of the width, up to two pixels at a time.
    for step in 0..<130 {
      let phase = step % 120
      let across = phase < 30 ? phase : phase < 90 ? 60 - phase : phase - 120
      let place = (x: 2 * Double(across), y: 0.1 * Double(step))
      let shift = camera.update(picture(place.x, place.y, movers(count, at: step)))
      if let shift {
        sum.x += shift.x * 240
        sum.y += shift.y * 200
      } else {
        #expect(step == 0, "lost at \(step)")
      }
      last = place
      #expect(abs(sum.x - place.x) < 1.5 && abs(sum.y - place.y) < 1.5, "\(step): \(sum)")
    }
    #expect(abs(sum.x - last.x) < 1.5)
  }

  @Test("a cut, another size and pictures without texture tell nothing")
  func nothing() {
    var camera = CameraShift()
    #expect(camera.update(picture(0, 0)) == nil)
    #expect(camera.update(picture(0, 0)) != nil)
    #expect(camera.update(picture(170, 310)) == nil)
    #expect(camera.update(picture(170, 310)) == CameraShift.Shift(x: 0, y: 0))
    for side in [1, 3, 16, 40, 200] {
      let plain = LumaImage(
        width: side, height: side, pixels: [UInt8](repeating: 90, count: side * side))
      #expect(camera.update(plain) == nil)
      #expect(camera.update(plain) == nil)
    }
  }

  @Test("masks don't hold the picture in its place")
  func masked() {
    var camera = CameraShift()
    var sum = 0.0
    for step in 0..<30 {
      let whole = picture(Double(step) * 1.5, 0)
      // Four bars of grey, three eighths of the picture, whose borders stay.
      var pixels = whole.pixels
      for index in pixels.indices where index % 240 % 60 < 22 { pixels[index] = Scaler.hidden }
      sum += camera.update(LumaImage(width: 240, height: 200, pixels: pixels))?.x ?? 0
    }
    #expect(abs(sum * 240 - 1.5 * 29) < 6, "\(sum * 240)")
  }

  @Test("luma is that of the picture's colours")
  func luma() {
    let image = RGBImage(width: 4, height: 3)
    image.fill(
      MaskRows(
        [[Point(x: -9, y: -9), Point(x: 9, y: -9), Point(x: 9, y: 9), Point(x: -9, y: 9)]],
        MaskRows.Key(
          region: PixelRegion(x: 0, y: 0, width: 4, height: 3), width: 4, height: 3, outputWidth: 4,
          outputHeight: 3, columnStep: 1, rowStep: 1)), with: 200)
    #expect(
      LumaImage(image) == LumaImage(width: 4, height: 3, pixels: .init(repeating: 200, count: 12)))
  }
}
