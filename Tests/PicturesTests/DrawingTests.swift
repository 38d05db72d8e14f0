import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures
@testable import Output

@Suite("Drawing")
struct DrawingTests {
  @Test("a filled rectangle covers its pixels and nothing else")
  func fill() throws {
    let picture = try Picture(width: 16, height: 12)
    let red = Color(hex: 0xFF0000)
    try picture.fillRectangle(x: 4, y: 2, width: 6, height: 4, color: red)
    for y in 0..<12 {
      for x in 0..<16 {
        let inside = (4..<10).contains(x) && (2..<6).contains(y)
        #expect(picture.pixel(x, y) == picture.value(of: inside ? red : .black), "\(x), \(y)")
      }
    }
  }

  @Test("a half-covered chroma sample is half coloured")
  func halfChroma() throws {
    let picture = try Picture(width: 8, height: 8)
    let red = picture.value(of: Color(hex: 0xFF0000))
    try picture.fillRectangle(x: 1, y: 0, width: 3, height: 8, color: Color(hex: 0xFF0000))
    let row = picture.samples(.redDifference)[0]
    #expect(abs(Int(row[0]) - (Int(red.redDifference) + 128) / 2) <= 1)
    #expect(row[1] == red.redDifference)
    #expect(row[2] == 128)
  }

  @Test("a border leaves the inside unchanged")
  func border() throws {
    let picture = try Picture(width: 40, height: 30)
    let green = Color(hex: 0x00FF00)
    try picture.drawBox(
      x: 4, y: 4, width: 20, height: 16, label: nil, color: green, font: nil)
    for (x, y) in [(4, 4), (5, 5), (23, 19), (4, 19), (22, 4), (12, 5), (12, 18), (5, 10)] {
      #expect(picture.pixel(x, y) == picture.value(of: green), "\(x), \(y)")
    }
    for (x, y) in [(6, 6), (21, 17), (3, 10), (24, 10), (12, 20), (12, 3)] {
      #expect(picture.pixel(x, y) == picture.value(of: .black), "\(x), \(y)")
    }
  }

  @Test(
    "any coordinate is safe, and a NaN draws nothing",
    arguments: [
      Float.nan, .infinity, -.infinity, 1e30, -1e30, -1000, 1000, .leastNonzeroMagnitude,
    ])
  func wildCoordinates(value: Float) throws {
    let font = try Font.system()
    let sides: [Float] = [10, value]
    let picture = try Picture(width: 33, height: 17)
    let before = picture.samples(.luma)
    for (x, y) in [(value, Float(3)), (3, value), (value, value)] {
      for (width, height) in [(sides[0], sides[1]), (sides[1], sides[0])] {
        try picture.drawBox(
          x: x, y: y, width: width, height: height, label: "person 0.5", color: .white, font: font)
        try picture.fillRectangle(x: x, y: y, width: width, height: height, color: .white)
        _ = try picture.cropped(x: x, y: y, width: width, height: height)
      }
      try picture.drawText("text", x: x, y: y, font: font, size: Int.max, color: .white)
      try picture.drawText("text", x: x, y: y, font: font, size: Int.min, color: .white)
    }
    if value.isNaN { #expect(picture.samples(.luma) == before) }
  }

  @Test("a box that extends past every edge draws no border")
  func overlarge() throws {
    let picture = try Picture(width: 30, height: 20)
    try picture.drawBox(
      x: -50, y: -50, width: 500, height: 500, label: nil, color: .white, font: nil)
    #expect(picture.samples(.luma).joined().allSatisfy { $0 == 16 })
  }

  @Test("drawing on a picture does not change the memory that an encoder holds")
  func copyOnWrite() throws {
    let picture = try Picture(width: 8, height: 8)
    let held = unsafe Picture(layout: picture.layout, owning: try picture.sharedBuffer())
    try picture.fillRectangle(x: 0, y: 0, width: 8, height: 8, color: .white)
    #expect(held.samples(.luma).joined().allSatisfy { $0 == 16 })
    #expect(picture.samples(.luma).joined().allSatisfy { $0 == 235 })
  }

  @Test("a crop holds the samples of its region")
  func crop() throws {
    let picture = try testPicture(width: 51, height: 37, seed: 3)
    let crop = try #require(try picture.cropped(x: 11, y: 6, width: 500, height: 9))
    #expect(crop.width == 41 && crop.height == 9)
    for y in 0..<9 {
      for x in 0..<41 { #expect(crop.pixel(x, y) == picture.pixel(x + 10, y + 6)) }
    }
    #expect(try picture.cropped(x: 51, y: 0, width: 5, height: 5) == nil)
    #expect(try picture.cropped(x: 3, y: 3, width: 0.2, height: 5) == nil)
    #expect(try picture.cropped(x: 3, y: 3, width: -4, height: 5) == nil)
    #expect(try picture.cropped(x: .nan, y: 3, width: 4, height: 5) == nil)
  }
}

@Suite("Colors")
struct ColorTests {
  @Test("primary colours convert to limited range as in ITU-T H.273")
  func limitedRange() throws {
    let tags = ColorTags()
    let white = YUVColor(.white, tags: tags, height: 480)
    #expect(white.luma == 235 && white.blueDifference == 128 && white.redDifference == 128)
    let red = YUVColor(Color(hex: 0xFF0000), tags: tags, height: 480)
    #expect(red.luma == 81 && red.blueDifference == 90 && red.redDifference == 240)
    let hd = YUVColor(Color(hex: 0xFF0000), tags: tags, height: 1080)
    #expect(hd.luma == 63 && hd.blueDifference == 102 && hd.redDifference == 240)
  }

  @Test("class colours are distinct, the same in every run, and contrast with their text")
  func palette() {
    #expect(ClassPalette.colors.count == 20)
    #expect(Set(ClassPalette.colors).count == 20)
    #expect(ClassPalette.color(of: 1) == ClassPalette.colors[0])
    for id in [Int.min, -1, 0, 20, 21, Int.max] {
      #expect(ClassPalette.colors.contains(ClassPalette.color(of: id)))
    }
    for (index, color) in ClassPalette.colors.enumerated() {
      let text = color.readableText
      let lights = [color.luminance, text.luminance].sorted()
      #expect((lights[1] + 0.05) / (lights[0] + 0.05) > 4.5, "WCAG's contrast for text")
      for other in ClassPalette.colors[..<index] {
        let (a, b) = (
          YUVColor(color, tags: ColorTags(), height: 480),
          YUVColor(other, tags: ColorTags(), height: 480)
        )
        let far =
          abs(Int(a.luma) - Int(b.luma)) + abs(Int(a.blueDifference) - Int(b.blueDifference))
          + abs(Int(a.redDifference) - Int(b.redDifference))
        #expect(far >= 24, "\(color) and \(other)")
      }
    }
  }
}
