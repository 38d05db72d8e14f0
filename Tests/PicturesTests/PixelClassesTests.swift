import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite struct PixelClassesTests {
  /// The class at a pixel, computed without any shortcut.
  private func expected(
    _ logits: [Float], _ rows: Int, _ columns: Int, _ classes: Int, x: Int, y: Int, width: Int,
    height: Int
  ) -> [Float] {
    func tap(_ index: Int, _ outputs: Int, _ size: Int) -> (Int, Int, Float) {
      let inside = min(
        max((Double(index) + 0.5) * Double(size) / Double(outputs) - 0.5, 0), Double(size - 1))
      return (Int(inside), min(Int(inside) + 1, size - 1), Float(inside - Double(Int(inside))))
    }
    let (top, bottom, down) = tap(y, height, rows)
    let (left, right, across) = tap(x, width, columns)
    return (0..<classes).map { id in
      func at(_ row: Int, _ column: Int) -> Float {
        logits[(row * columns + column) * classes + id]
      }
      let first = at(top, left) + (at(bottom, left) - at(top, left)) * down
      let second = at(top, right) + (at(bottom, right) - at(top, right)) * down
      return first + (second - first) * across
    }
  }

  @Test(
    "each pixel has the class with the largest interpolated logit",
    arguments: [(5, 7, 3, 40, 33), (1, 1, 2, 6, 5), (9, 4, 21, 3, 3), (3, 8, 1, 17, 30)])
  func classes(rows: Int, columns: Int, classes: Int, width: Int, height: Int) {
    var random = SplitMix64(seed: UInt64(rows * columns))
    let logits = (0..<rows * columns * classes).map { _ in Float.random(in: -3...3, using: &random)
    }
    let map = PixelClasses(
      logits: logits.span, columns: columns, classes: classes, width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let values = expected(
          logits, rows, columns, classes, x: x, y: y, width: width, height: height)
        let id = Int(map.classIDs[y * width + x])
        // Rounding may decide between equal ones.
        #expect(values[id] >= (values.max() ?? 0) - 1e-5, "\(x), \(y)")
      }
    }
    #expect(map.counts.reduce(0, +) == width * height && map.counts.count == classes)
    #expect(abs(map.shares.reduce(0, +) - 1) < 1e-9)
  }

  @Test("logits that are no numbers never win")
  func notNumbers() {
    let logits: [Float] = [.nan, 1, .nan, .nan, -.infinity, 2]
    let map = PixelClasses(logits: logits.span, columns: 2, classes: 3, width: 2, height: 1)
    #expect(map.classIDs == [1, 2])
    let none = PixelClasses(
      logits: [Float](repeating: .nan, count: 3).span, columns: 1, classes: 3, width: 1, height: 1)
    #expect(none.classIDs == [0])
  }

  @Test("classes are drawn over the picture, and pixels without a colour stay")
  func drawing() throws {
    let picture = try testPicture(width: 9, height: 7)
    let before = try testPicture(width: 9, height: 7)
    let logits: [Float] = [1, 0, 0, 1]
    let map = PixelClasses(logits: logits.span, columns: 2, classes: 2, width: 9, height: 7)
    try picture.draw(map, opacity: 1) { $0 == 0 ? nil : Color.white }
    func luma(_ picture: Picture, _ x: Int) -> UInt8 {
      picture.withRow(.luma, 3) { $0[x] }
    }
    #expect(luma(picture, 0) == luma(before, 0))
    #expect(luma(picture, 8) == picture.value(of: .white).luma)
  }

  @Test("a map is written as an indexed PNG", .requires(.ffmpegPrograms))
  func file() throws {
    let folder = try ScratchFolder()
    let logits: [Float] = [1, 0, 0, 1]
    let map = PixelClasses(logits: logits.span, columns: 2, classes: 2, width: 8, height: 4)
    try ImageFile.write(map, colors: [.black, Color(hex: 0xFF3C2D)], path: folder("a.png"))
    #expect(try probed(folder("a.png"), "stream=width,height,pix_fmt") == ["8,4,pal8"])
    let bytes = try rgb(folder("a.png"))
    #expect(bytes.prefix(3) == [0, 0, 0] && bytes[21..<24] == [0xFF, 0x3C, 0x2D])
  }
}
