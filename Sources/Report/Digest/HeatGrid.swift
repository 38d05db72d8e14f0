internal import Geometry

/// Where in the frame objects are: how often each cell of a grid is covered, and stood on.
package struct HeatGrid: Sendable {
  /// Cells from left to right.
  package let columns: Int
  /// Cells from top to bottom.
  package let rows: Int
  /// The sums of these over all cells to the left and above are what is covered: a box then takes
  /// four additions, however large it is.
  private var edges: [Int32]
  /// How many boxes have the middle of their lower edge in a cell.
  package private(set) var feet: [UInt32]

  /// Cells along the longer side of a frame.
  static let longest = 96

  init(width: Int, height: Int) {
    let longer = Double(max(width, height, 1))
    func cells(_ side: Int) -> Int {
      max(Int((Double(Self.longest) * Double(side) / longer).rounded()), 8)
    }
    (columns, rows) = (cells(width), cells(height))
    edges = [Int32](repeating: 0, count: (columns + 1) * (rows + 1))
    feet = [UInt32](repeating: 0, count: columns * rows)
  }

  /// Adds a box of a frame of `width` by `height` pixels.
  mutating func add(_ box: PixelBox, width: Int, height: Int) {
    let (across, down) = (Double(columns) / Double(width), Double(rows) / Double(height))
    let left = Self.cell(box.x * across, of: columns)
    let top = Self.cell(box.y * down, of: rows)
    let right = max(Self.edge((box.x + box.width) * across, of: columns), left + 1)
    let bottom = max(Self.edge((box.y + box.height) * down, of: rows), top + 1)
    let stride = columns + 1
    edges[top * stride + left] &+= 1
    edges[top * stride + right] &-= 1
    edges[bottom * stride + left] &-= 1
    edges[bottom * stride + right] &+= 1
    // The lower edge of a box that reaches the border belongs to the last cell.
    let foot = Self.cell((box.x + box.width / 2) * across, of: columns)
    feet[(bottom - 1) * columns + foot] &+= 1
  }

  /// How many boxes cover each cell, row by row.
  package var cover: [UInt32] {
    var sums = [UInt32](repeating: 0, count: columns * rows)
    var above = [Int32](repeating: 0, count: columns)
    for row in 0..<rows {
      var running: Int32 = 0
      for column in 0..<columns {
        running &+= edges[row * (columns + 1) + column]
        above[column] &+= running
        sums[row * columns + column] = UInt32(clamping: above[column])
      }
    }
    return sums
  }

  /// The cell that a place is in.
  private static func cell(_ place: Double, of count: Int) -> Int {
    Int(min(max(place, 0), Double(count - 1)))
  }

  /// The first cell after a place.
  private static func edge(_ place: Double, of count: Int) -> Int {
    Int(min(max(place, 0), Double(count)).rounded(.up))
  }
}
