import Backbone
import Layers
import TestSupport
import Testing
@testable import Geometry
@testable import SSDLite

@Suite("Detectors at other sizes than they were trained at")
struct InputSizeTests {
  static let trained = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2, classes: 3)

  private func specification(_ width: Int, _ height: Int) -> SSDLiteSpecification {
    Self.trained.resized(to: InputSize(width: width, height: height))
  }

  private func priors(_ width: Int, _ height: Int) throws -> [CenterBox] {
    let resized = specification(width, height)
    let (graph, _, maps) = try resized.build()
    return try resized.priors(trainedAs: Self.trained, graph, maps: maps)
  }

  @Test(
    "receptive fields follow the padding of SAME",
    arguments: [
      // Measured on the original network with gradients of single cells.
      (300, 0, 16.0, 11.5), (416, 0, 16, 15.5), (600, 0, 16, 7.5),
      (300, 1, 32, 11.5), (416, 1, 32, 31.5), (600, 1, 32, 23.5),
    ])
  func receptiveFields(side: Int, map: Int, jump: Double, start: Double) throws {
    let (graph, _, maps) = try specification(side, 300).build()
    let grids = graph.receptiveGrids()
    let grid = try #require(grids[maps[map].index])
    #expect(grid.horizontal == ReceptiveGrid(start: start, jump: jump))
    #expect(grid.vertical.start == 11.5)
  }

  @Test("moved to its own size, the priors of each map keep their sizes and their mean centre")
  func ownSize() throws {
    let maps = try Self.trained.mapSizes()
    let expected = Self.trained.priors.priors(maps: maps, inputHeight: 300, inputWidth: 300)
    let actual = try priors(300, 300)
    #expect(actual.count == expected.count)
    var first = 0
    for (index, map) in maps.enumerated() {
      let count = map.height * map.width * Self.trained.priors.priorsPerCell(map: index)
      let range = first..<first + count
      first += count
      func mean(_ priors: [CenterBox]) -> (Float, Float) {
        let sum = priors[range].reduce((Float(0), Float(0))) { ($0.0 + $1.cx, $0.1 + $1.cy) }
        return (sum.0 / Float(count), sum.1 / Float(count))
      }
      let (a, b) = (mean(actual), mean(expected))
      #expect(abs(a.0 - b.0) < 1e-3 && abs(a.1 - b.1) < 1e-3, "map \(index)")
      for place in range {
        #expect(abs(actual[place].width - expected[place].width) < 1e-6)
        #expect(abs(actual[place].height - expected[place].height) < 1e-6)
      }
    }
  }

  @Test("priors keep their sizes in pixels", arguments: [(416, 416), (512, 288), (160, 608)])
  func sizes(width: Int, height: Int) throws {
    func shapes(_ priors: [CenterBox], _ width: Int, _ height: Int) -> Set<[Int]> {
      Set(
        priors.map {
          [
            Int(($0.width * Float(width) * 16).rounded()),
            Int(($0.height * Float(height) * 16).rounded()),
          ]
        })
    }
    let own = Self.trained.priors.priors(
      maps: try Self.trained.mapSizes(), inputHeight: 300, inputWidth: 300)
    #expect(shapes(try priors(width, height), width, height) == shapes(own, 300, 300))
  }

  @Test("the mean distance between priors and receptive fields stays the same")
  func distance() throws {
    func meanDistance(_ priors: [CenterBox], _ specification: SSDLiteSpecification) throws -> Float
    {
      let (graph, _, maps) = try specification.build()
      let grid = try #require(graph.receptiveGrids()[maps[0].index]).horizontal
      let row = priors.prefix(maps[0].shape.width * 3)
      let sum = row.enumerated().reduce(Float(0)) { sum, entry in
        sum + entry.element.cx * Float(specification.inputWidth)
          - Float(grid.start + grid.jump * Double(entry.offset / 3))
      }
      return sum / Float(row.count)
    }
    let own = Self.trained.priors.priors(
      maps: try Self.trained.mapSizes(), inputHeight: 300, inputWidth: 300)
    let expected = try meanDistance(own, Self.trained)
    #expect(abs(expected + 5.5) < 0.1)
    for side in [288, 416, 512, 600] {
      let actual = try meanDistance(priors(side, side), specification(side, side))
      #expect(abs(actual - expected) < 1e-2, "\(side)")
    }
  }

  @Test("a detector runs at another size, and refuses an impossible one")
  func detector() throws {
    func make(_ size: InputSize?) throws -> Detector {
      try Detector(
        specification: Self.trained, size: size, normalization: .signedUnit
      ) { _, shape in [Float](repeating: 0.001, count: shape.reduce(1, *)) }
    }
    let detector = try make(InputSize(width: 416, height: 224))
    #expect(detector.inputSize == InputSize(width: 416, height: 224))
    #expect(try make(nil).priors == make(InputSize(width: 300, height: 300)).priors)
    let pixels = [UInt8](repeating: 90, count: 416 * 224 * 3)
    let worker = detector.makeWorker(options: DetectionOptions(scoreThreshold: 0, iouThreshold: 1))
    #expect(!worker.detect(rgb: pixels.span).isEmpty)
    #expect(throws: SpecificationError.self) { _ = try make(InputSize(width: 8, height: 300)) }
  }
}
