internal import Foundation
package import TestSupport
internal import Testing

/// A HEIF file put together from AV1 pictures: one item, or a grid of tiles.
package struct HEIFFile {
  private let tiles: [[UInt8]]
  private let configuration: [UInt8]
  private let tileWidth, tileHeight: Int
  /// The number of tiles in a row; 0 for a single item.
  package var columns = 0
  /// The size of the whole.
  package var width, height: Int
  /// Boxes such as `irot` that turn the picture, in order.
  package var turns: [[UInt8]] = []
  package var brand = "avif"

  /// Encodes one picture of each colour, in FFmpeg's words, with the ffmpeg program.
  package init(colors: [String], width: Int, height: Int, in folder: TemporaryFolder) throws {
    (tileWidth, tileHeight, self.width, self.height) = (width, height, width, height)
    var tiles: [[UInt8]] = []
    var configuration: [UInt8] = []
    for color in colors {
      let path = "\(folder.path)/\(color)-\(tiles.count).avif"
      try ffmpeg(
        "-f", "lavfi", "-i", "color=\(color):s=\(width)x\(height)", "-frames:v", "1",
        "-c:v", "libaom-av1", "-cpu-used", "8", "-still-picture", "1", path)
      let file = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let data = try #require(file.firstRange(of: Array("mdat".utf8)))
      tiles.append(Array(file[data.upperBound...]))
      let found = try #require(file.firstRange(of: Array("av1C".utf8)))
      let size = Int(file[found.lowerBound - 1])
      configuration = Array(file[(found.lowerBound - 4)..<(found.lowerBound - 4 + size)])
    }
    self.tiles = tiles
    self.configuration = configuration
  }

  /// `irot`: so many quarters to the left.
  package static func rotation(_ quarters: UInt8) -> [UInt8] { box("irot", [quarters]) }

  /// `imir`: left and right change places, or top and bottom.
  package static func mirror(leftAndRight: Bool) -> [UInt8] {
    box("imir", [leftAndRight ? 1 : 0])
  }

  /// The file's bytes.
  package var bytes: [UInt8] {
    let type = Self.box("ftyp", Array("\(brand)\0\0\0\0avifmif1miaf".utf8))
    // The offsets in `meta` depend on its length, but its length not on them.
    let length = meta(dataAt: 0).count
    let data = (columns > 0 ? [gridItem] : []) + tiles
    return type + meta(dataAt: type.count + length + 8) + Self.box("mdat", Array(data.joined()))
  }

  private var isGrid: Bool { columns > 0 }

  /// ISO/IEC 23008-12, 6.6.2.3.2: the derived item that is the whole.
  private var gridItem: [UInt8] {
    let rows = tiles.count / columns
    return [0, 0, UInt8(rows - 1), UInt8(columns - 1)] + Self.number(width, 2)
      + Self.number(height, 2)
  }

  /// Item 1 is the picture; of a grid, its tiles follow.
  private func meta(dataAt start: Int) -> [UInt8] {
    let handler = Self.full("hdlr", Self.number(0, 4) + Array("pict".utf8) + Self.number(0, 13))
    let primary = Self.full("pitm", Self.number(1, 2))
    let lengths = (isGrid ? [gridItem.count] : []) + tiles.map(\.count)
    var (locations, offset) = ([UInt8](), start)
    for (index, length) in lengths.enumerated() {
      locations += Self.number(index + 1, 2) + Self.number(0, 2) + Self.number(1, 2)
      locations += Self.number(offset, 4) + Self.number(length, 4)
      offset += length
    }
    let location = Self.full(
      "iloc", [0x44, 0] + Self.number(lengths.count, 2) + locations)
    let entries = lengths.indices.map { index in
      Self.box(
        "infe",
        [2, 0, 0, isGrid && index > 0 ? 1 : 0] + Self.number(index + 1, 2)
          + Self.number(0, 2) + Array((isGrid && index == 0 ? "grid" : "av01").utf8) + [0])
    }
    let information = Self.full("iinf", Self.number(lengths.count, 2) + entries.joined())
    let parts = tiles.indices.flatMap { Self.number($0 + 2, 2) }
    let references = Self.full(
      "iref", Self.box("dimg", Self.number(1, 2) + Self.number(tiles.count, 2) + parts))
    let content =
      handler + primary + location + information + (isGrid ? references : []) + properties
    return Self.full("meta", content)
  }

  /// Properties 1 to 3: the size of the whole, the size of a tile, the codec's; then the turns.
  private var properties: [UInt8] {
    func size(_ width: Int, _ height: Int) -> [UInt8] {
      Self.full("ispe", Self.number(width, 4) + Self.number(height, 4))
    }
    let all =
      size(width, height) + size(tileWidth, tileHeight) + configuration + turns.joined()
    let turning = turns.indices.map { UInt8(0x80 | ($0 + 4)) }
    var lists: [[UInt8]] = [(isGrid ? [1] : [1, 0x83]) + turning]
    if isGrid { lists += tiles.map { _ in [2, 0x83] } }
    let associations = lists.enumerated().flatMap { index, list in
      Self.number(index + 1, 2) + [UInt8(list.count)] + list
    }
    return Self.box(
      "iprp",
      Self.box("ipco", all) + Self.full("ipma", Self.number(lists.count, 4) + associations))
  }

  private static func box(_ type: String, _ content: some Sequence<UInt8>) -> [UInt8] {
    let content = Array(content)
    return number(content.count + 8, 4) + Array(type.utf8) + content
  }

  /// A box with a version and flags, all zero.
  private static func full(_ type: String, _ content: [UInt8]) -> [UInt8] {
    box(type, [0, 0, 0, 0] + content)
  }

  private static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> min(8 * $0, 63)) }
  }
}

/// Runs the ffmpeg program.
package func ffmpeg(_ arguments: String...) throws {
  _ = try runProgram("ffmpeg", ["-v", "error", "-y"] + arguments)
}
