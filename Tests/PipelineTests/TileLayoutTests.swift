import Testing
import Geometry
import Media

import SSDLite
@testable import Pipeline

@Suite("Tile layout")
struct TileLayoutTests {
  @Test("text is read, and what is out of range is refused")
  func parsing() {
    #expect(TileGrid("none") == TileGrid.none && TileGrid("auto") == .auto)
    #expect(TileGrid("2")?.sides == [2] && TileGrid("3,2,3")?.sides == [2, 3])
    #expect(TileGrid("1") == TileGrid.none && TileGrid("1,8")?.sides == [8])
    #expect(TileGrid("2,3,4")?.sides == [2, 3, 4])
    for text in ["", "0", "9", "-2", "2,", ",2", "2,,3", "two", "2.5", "2 3", "2,3,4,5", "Auto"] {
      #expect(TileGrid(text) == nil, "\(text)")
    }
    #expect(TileGrid.auto.isAuto && TileGrid(sides: [2, 9]) == nil)
  }

  @Test("tiles of every grid cover frames of every size, and neighbours share a quarter")
  func coverage() {
    for side in 2...8 {
      for length in Array(1...300) + [427, 480, 513, 640, 719, 1080, 1920, 3841, 16_384] {
        let spans = TileLayout.spans(of: length, tiles: side)
        #expect(spans.count == side)
        #expect(spans.first?.start == 0)
        #expect(spans.last.map { $0.start + $0.length } == length, "\(length) in \(side)")
        let size = spans[0].length
        #expect((1...length).contains(size))
        for (span, next) in zip(spans, spans.dropFirst()) {
          #expect(span.length == size && next.length == size, "one size, one context")
          let shared = span.start + size - next.start
          #expect(shared >= 0, "a gap: \(length) in \(side)")
          // The size and each start may be rounded by three pixels.
          #expect(abs(Double(shared) - Double(size) / 4) <= 8, "\(length) in \(side): \(shared)")
        }
        // They begin on whole chroma samples, counted from either end.
        for span in spans {
          #expect(span.start % 4 == 0 && (length - span.start - size) % 4 == 0)
        }
      }
    }
  }

  @Test("the tiles are the frame, then those of each grid row by row, all of them inside")
  func tiles() {
    let layout = TileLayout(width: 700, height: 350, sides: [2])
    #expect(
      layout.tiles == [
        PixelRegion(x: 0, y: 0, width: 700, height: 350),
        PixelRegion(x: 0, y: 0, width: 400, height: 202),
        PixelRegion(x: 300, y: 0, width: 400, height: 202),
        PixelRegion(x: 0, y: 148, width: 400, height: 202),
        PixelRegion(x: 300, y: 148, width: 400, height: 202),
      ])
    for (width, height) in [(1, 1), (3, 500), (641, 481), (1920, 1080)] {
      for sides in [[], [2], [2, 3], [2, 3, 8]] {
        let tiles = TileLayout(width: width, height: height, sides: sides).tiles
        #expect(tiles.count == TileLayout.tileCount(sides: sides))
        #expect(tiles.allSatisfy { $0.isInside(width: width, height: height) })
      }
    }
  }
}

@Suite("View choice")
struct ViewChoiceTests {
  private func choice(
    _ grid: TileGrid, tileSeconds: Double = 0, threads: Int = 2, lanes: Int = 1,
    rate: FrameSelection.Rate = .all, levels: [Int] = [300], choosesLevels: Bool = false
  ) -> ViewChoice {
    ViewChoice(
      grid, levels: levels.map { InputSize(width: $0, height: $0) }, choosesLevels: choosesLevels,
      selection: FrameSelection(rate: rate),
      seconds: levels.map { tileSeconds * Double($0 * $0) / Double(300 * 300) },
      workersPerLane: Double(threads) / Double(lanes))
  }

  private func info(_ width: Int, _ height: Int, rate: Rational? = Rational(25, 1)) -> StreamInfo {
    var info = StreamInfo.fake(frames: 1, duration: nil)
    (info.width, info.height, info.averageFrameRate) = (width, height, rate)
    return info
  }

  @Test("grids that were asked for are used for every source")
  func asked() throws {
    let grid = try #require(TileGrid("2,4"))
    for isLive in [false, true] {
      #expect(
        choice(grid, tileSeconds: 10).views(for: info(10, 10), isLive: isLive).sides == [2, 4])
      #expect(choice(.none).views(for: info(4000, 4000), isLive: isLive).sides == [])
    }
  }

  @Test("files get the grids whose tiles are not much smaller than the network's input")
  func files() {
    for (width, height, sides) in [
      (300, 300, [Int]()), (320, 240, []), (374, 374, []), (376, 300, [2]), (300, 400, [2]),
      (535, 535, [2]), (536, 400, [2, 3]), (1920, 1080, [2, 3]), (3840, 2160, [2, 3]),
    ] {
      // The speed of the machine doesn't matter.
      let chosen = choice(.auto, tileSeconds: 100).views(for: info(width, height), isLive: false)
      #expect(chosen.sides == sides, "\(width) x \(height)")
    }
  }

  @Test("live sources get the grids that there is time for")
  func live() {
    let camera = info(1920, 1080)
    func sides(
      _ seconds: Double, threads: Int = 2, lanes: Int = 1, rate: FrameSelection.Rate = .all,
      _ info: StreamInfo
    ) -> [Int] {
      choice(.auto, tileSeconds: seconds, threads: threads, lanes: lanes, rate: rate)
        .views(for: info, isLive: true).sides
    }
    // Two workers have 40 ms each, and tiles may take 56 of these 80 ms.
    #expect(sides(0.003, camera) == [2, 3])
    #expect(sides(0.005, camera) == [2])
    #expect(sides(0.012, camera) == [])
    #expect(sides(0.005, threads: 4, camera) == [2, 3])
    #expect(sides(0.005, lanes: 2, camera) == [2])
    #expect(sides(0.003, lanes: 8, camera) == [])
    #expect(sides(0.012, rate: .stride(10), camera) == [2, 3])
    #expect(sides(0.012, rate: .every(seconds: 1), camera) == [2, 3])
    #expect(sides(0.012, rate: .keyframes, camera) == [2, 3])
    #expect(sides(0.001, info(200, 200)) == [], "tiles gain nothing")
    #expect(sides(0.003, info(1920, 1080, rate: nil)) == [2, 3])
    #expect(sides(0.0035, info(1920, 1080, rate: Rational(0, 1))) == [2])
  }

  @Test("files are analysed at the larger size where it doesn't enlarge them much")
  func levels() {
    for (width, height, levels) in [
      (300, 300, [0]), (364, 364, [0]), (366, 240, [0, 1]), (1920, 1080, [0, 1]),
    ] {
      let auto = choice(.none, tileSeconds: 100, levels: [300, 512], choosesLevels: true)
      #expect(auto.views(for: info(width, height), isLive: false).levels == levels, "\(width)")
      let asked = choice(.none, levels: [512, 300, 416])
      #expect(asked.views(for: info(width, height), isLive: true).levels == [0, 1, 2])
    }
  }

  @Test("live sources get the larger size if there is time, and tiles in the time that is left")
  func liveLevels() {
    func views(_ seconds: Double) -> ViewChoice.Views {
      choice(.auto, tileSeconds: seconds, levels: [300, 512], choosesLevels: true)
        .views(for: info(1920, 1080), isLive: true)
    }
    // Of 56 ms the two sizes take 3.9 times that of the smaller one.
    #expect(views(0.015) == .init(levels: [0], sides: []))
    #expect(views(0.014) == .init(levels: [0, 1], sides: []))
    #expect(views(0.007) == .init(levels: [0, 1], sides: [2]))
    #expect(views(0.003) == .init(levels: [0, 1], sides: [2, 3]))
  }

  @Test("sizes are read as the command line has them")
  func sizes() {
    func size(_ width: Int, _ height: Int) -> InputSize { InputSize(width: width, height: height) }
    #expect(InputSizes("512")?.sizes == [size(512, 512)])
    #expect(InputSizes("300,512x288,300")?.sizes == [size(300, 300), size(512, 288)])
    #expect(InputSizes("auto")?.isAuto == true)
    for text in [
      "", "0", "31", "4097", "300,", "300x", "x300", "300x300x300", "a", "1,2,3", "-300",
      "300,301,302,303,304", "9999999999999999999",
    ] {
      #expect(InputSizes(text) == nil, "\(text)")
    }
    let own = size(300, 300)
    #expect(InputSizes.own.levels(own: own) == [own])
    #expect(InputSizes.auto.levels(own: own) == [own, size(512, 512)])
    #expect(InputSizes.auto.levels(own: size(320, 320))[1] == size(544, 544))
  }
}
