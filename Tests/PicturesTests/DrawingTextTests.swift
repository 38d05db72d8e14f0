import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite("Text on pictures")
struct TextTests {
  @Test("text changes pixels inside its measured area and none outside")
  func staysInside() throws {
    let font = try Font.system()
    let picture = try Picture(width: 200, height: 60)
    try picture.drawText("person 0.87", x: 20, y: 10, font: font, size: 20, color: .white)
    let textSize = font.measure("person 0.87", size: 20)
    let lines = picture.samples(.luma)
    var inked = 0
    for (y, line) in lines.enumerated() {
      for (x, sample) in line.enumerated() where sample != 16 {
        #expect((18...20 + textSize.width + 2).contains(x))
        #expect((10..<10 + textSize.height).contains(y))
        inked += 1
      }
    }
    #expect(inked > textSize.width * textSize.height / 10)
    #expect(inked < textSize.width * textSize.height * 7 / 10)
    #expect(lines.joined().contains(235), "strokes reach full coverage")
  }

  @Test("different texts look different, and equal texts look equal", arguments: [10, 14, 27, 54])
  func legible(size: Int) throws {
    let font = try Font.system()
    func drawn(_ text: String) throws -> [[UInt8]] {
      let picture = try Picture(width: 400, height: 100)
      try picture.drawText(
        text, x: 4, y: 4, font: font, size: size, color: .white, background: .black)
      return picture.samples(.luma)
    }
    #expect(try drawn("car 0.51") == drawn("car 0.51"))
    #expect(try drawn("car 0.51") != drawn("car 0.57"))
    #expect(try drawn("rn") != drawn("m"))
  }

  @Test(
    "text of any script, malformed text and long text are drawn without a trap",
    arguments: [
      "", "\u{0}\n\t", "人物 0.9", "شخص", "человек", "👩‍👩‍👧", "e\u{301}\u{FFFD}",
      String(repeating: "W", count: 10_000),
    ])
  func anyText(text: String) throws {
    let font = try Font.system()
    let picture = try Picture(width: 120, height: 40)
    try picture.drawBox(x: 30, y: 20, width: 40, height: 15, label: text, color: .white, font: font)
    #expect(picture.pixel(30, 21).luma == 235)
  }

  @Test("a character missing from the font is drawn as its placeholder box")
  func notdef() throws {
    let font = try Font.system()
    let unknown = font.glyph("\u{10FFFD}", size: 20)
    #expect(unknown.width > 0 && unknown.coverage.contains(255))
  }

  @Test("a label is above its box, or inside it at the top of the picture")
  func labelPlace() throws {
    let font = try Font.system()
    let color = Color(hex: 0xFFC300)
    let free = try Picture(width: 320, height: 240)
    try free.drawBox(x: 60, y: 100, width: 80, height: 60, label: "car", color: color, font: font)
    #expect(free.pixel(61, 98) == free.value(of: color))
    #expect(free.pixel(64, 104) == free.value(of: .black))
    let atTop = try Picture(width: 320, height: 240)
    try atTop.drawBox(x: 60, y: 1, width: 80, height: 60, label: "car", color: color, font: font)
    #expect(atTop.pixel(61, 5) == atTop.value(of: color))
    let atRight = try Picture(width: 320, height: 240)
    try atRight.drawBox(
      x: 310, y: 100, width: 10, height: 60, label: "person 0.99", color: color, font: font)
    #expect(atRight.pixel(300, 98) == atRight.value(of: color), "the label moves to the left")
  }

  @Test("a missing font is an error that says what to do")
  func missing() throws {
    #expect {
      _ = try Font.system(named: nil, among: ["/nonexistent.ttf"])
    } throws: { error in
      (error as? MediaError)?.code == "font_missing"
        && (error as? MediaError)?.remedy.contains("fonts-dejavu-core") == true
    }
    let folder = try ScratchFolder()
    let path = folder("broken.ttf")
    try Data(repeating: 7, count: 1000).write(to: URL(filePath: path))
    #expect {
      _ = try Font.system(named: path, among: [])
    } throws: { error in
      (error as? MediaError)?.code == "font_invalid"
    }
  }

  @Test("a font may have a name that is not UTF-8")
  func rawName() throws {
    let system = try Font.system().path
    let folder = try ScratchFolder()
    let name = Array(folder("").utf8) + [0x2F, 0x66, 0xFF] + Array(".ttf".utf8) + [0]
    let isMade = unsafe symlink(system, name.map { CChar(bitPattern: $0) }) == 0
    try #require(isMade)
    // U+10FFFF stands for the byte FF.
    #expect(try Font(path: folder("f\u{10FFFF}.ttf")).width(of: "a", size: 20) > 0)
  }

  @Test("sizes grow with the picture and stay legible in small ones")
  func sizes() throws {
    for (width, height, label, line) in [
      (160, 120, 10, 2), (768, 576, 14, 2), (1920, 1080, 27, 4), (1080, 1920, 27, 4),
      (3840, 2160, 54, 8),
    ] {
      let picture = try Picture(width: width, height: height)
      #expect(picture.labelSize == label)
      #expect(picture.lineThickness == line)
    }
  }
}
