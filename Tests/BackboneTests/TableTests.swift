import Backbone
import Layers
import Testing

/// What tables contain besides the papers' columns.
@Suite struct TableTests {
  @Test("each row of MobileNetV2 has the input size that the paper prints")
  func mobileNetV2() throws {
    let table = try ClassifierSpecification(backbone: .mobileNetV2).table()
    let sides = [(224, 3), (112, 32), (112, 16), (56, 24), (28, 32), (14, 64), (14, 96), (7, 160)]
    let expected = (sides + [(7, 320), (7, 1280), (1, 1280)]).map {
      Shape(height: $0.0, width: $0.0, channels: $0.1)
    }
    #expect(table.rows.map(\.input) == expected)
    #expect(table.columns == ["operator", "t", "c", "n", "s"])
    #expect(table.rows[4].cells == ["bottleneck", "6", "64", "4", "2"])
  }

  @Test("each row of MobileNetV3-Large has the input size that the paper prints")
  func mobileNetV3Large() throws {
    let table = try ClassifierSpecification(backbone: .mobileNetV3Large).table()
    let sides = [
      (224, 3), (112, 16), (112, 16), (56, 24), (56, 24), (28, 40), (28, 40), (28, 40), (14, 80),
      (14, 80), (14, 80), (14, 80), (14, 112), (14, 112), (7, 160), (7, 160), (7, 160), (7, 960),
      (1, 960), (1, 1280),
    ]
    #expect(table.rows.map(\.input) == sides.map { Shape(height: $0, width: $0, channels: $1) })
    #expect(table.rows[5].cells == ["bneck, 5x5", "120", "40", "yes", "RE", "1"])
  }

  @Test("each row of MobileNetV3-Small has the input size that the paper prints")
  func mobileNetV3Small() throws {
    let table = try ClassifierSpecification(backbone: .mobileNetV3Small).table()
    let sides = [
      (224, 3), (112, 16), (56, 16), (28, 24), (28, 24), (14, 40), (14, 40), (14, 40), (14, 48),
      (14, 48), (7, 96), (7, 96), (7, 96), (7, 576), (1, 576), (1, 1024),
    ]
    #expect(table.rows.map(\.input) == sides.map { Shape(height: $0, width: $0, channels: $1) })
  }

  @Test("the text has an aligned line per row, and the totals of both ways of counting")
  func text() throws {
    let table = try ClassifierSpecification(backbone: .squeezeNet1_1).table()
    let lines = table.text().split(separator: "\n")
    #expect(lines[0] == "SqueezeNet 1.1, github.com/forresti/SqueezeNet")
    #expect(lines[1].hasPrefix("operator"))
    let rows = lines[1...(table.rows.count + 2)]
    #expect(Set(rows.map(\.count)).count == 1, "all lines have the same width")
    #expect(lines[2].split(separator: " ").last == "21,290,688")
    #expect(lines[table.rows.count + 2].hasPrefix("total"))
    #expect(lines[table.rows.count + 2].contains("1,235,496"))
  }
}
