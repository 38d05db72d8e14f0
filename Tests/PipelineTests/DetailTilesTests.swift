import Geometry
import SSDLite
import Testing

@testable import Pipeline

@Suite("Tiles of regions")
struct DetailTilesTests {
  private let input = InputSize(width: 300, height: 300)

  private func tiles(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, of size: (Int, Int)
  ) -> [PixelRegion] {
    DetailTiles.tiles(
      of: PixelBox(x: x, y: y, width: width, height: height), width: size.0, height: size.1,
      input: input)
  }

  @Test("a region is covered by tiles that aren't reduced, and stays whole besides")
  func coverage() {
    for (x, y, width, height) in [
      (0.2, 0.3, 0.5, 0.4), (0, 0, 1, 1), (0.9, 0.9, 0.1, 0.1), (0.31, 0.07, 0.333, 0.9),
    ] {
      let size = (1920, 1080)
      let found = tiles(x, y, width, height, of: size)
      let part = found[0]
      #expect(Double(part.x) <= x * 1920 && Double(part.right) >= (x + width) * 1920 - 1)
      #expect(Double(part.y) <= y * 1080 && Double(part.bottom) >= (y + height) * 1080 - 1)
      for tile in found { #expect(tile.isInside(width: 1920, height: 1080)) }
      let rest = found.dropFirst()
      guard !rest.isEmpty else {
        #expect(part.width <= 300 && part.height <= 300)
        continue
      }
      for tile in rest {
        #expect(tile.x >= part.x && tile.right <= part.right)
        #expect(tile.y >= part.y && tile.bottom <= part.bottom)
        // No more than rounding above the input, unless that would take more than eight.
        #expect(tile.width <= 306 || part.width > 1800)
        #expect(tile.height <= 306 || part.height > 1800)
      }
      // Every pixel of the region is in a tile.
      for column in stride(from: part.x, to: part.right, by: 7) {
        for row in stride(from: part.y, to: part.bottom, by: 7) {
          #expect(
            rest.contains {
              $0.x <= column && column < $0.right && $0.y <= row && row < $0.bottom
            })
        }
      }
    }
    #expect(tiles(0, 0, 1, 1, of: (20_000, 20_000)).count == 65)
  }

  @Test("any region of any frame gives regions inside of it")
  func extremes() {
    for size in [(1, 1), (3, 2), (4, 5), (7, 2000)] {
      for (x, y, width, height) in [
        (0.0, 0.0, 1.0, 1.0), (1, 1, 0, 0), (0.999, 0.5, 0.001, 0.001), (0.5, 0, 2, 2),
      ] {
        for tile in tiles(x, y, width, height, of: size) {
          #expect(tile.isInside(width: size.0, height: size.1), "\(tile) of \(size)")
        }
      }
    }
  }
}
