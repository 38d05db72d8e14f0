/// The class of each pixel of a picture.
public struct PixelClasses: Hashable, Sendable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// The class ids, row by row.
  public let classIDs: [UInt8]
  /// How many pixels each class has, by class id.
  public let counts: [Int]

  /// The class with the largest logit at each pixel, the lowest id among equal ones.
  ///
  /// Logits between the centres of the map's pixels are interpolated, as PyTorch's `interpolate`
  /// does without `align_corners`. A NaN never wins.
  ///
  /// - Parameters:
  ///   - logits: `[rows][columns][classes]`, at most 256 classes.
  ///   - columns: Columns of the map.
  ///   - classes: Logits of each of its pixels.
  ///   - width: Width of the picture in pixels.
  ///   - height: Height of the picture in pixels.
  /// - Complexity: O(height · columns · classes) for areas of one class, and O(classes) for each
  ///   pixel between two classes.
  public init(logits: Span<Float>, columns: Int, classes: Int, width: Int, height: Int) {
    precondition(
      (1...256).contains(classes) && columns > 0 && width > 0 && height > 0
        && logits.count >= columns * classes && logits.count % (columns * classes) == 0,
      "\(logits.count) logits of \(classes) classes in \(columns) columns")
    let rows = logits.count / (columns * classes)
    let across = Self.taps(width, of: columns)
    let down = Self.taps(height, of: rows)
    var ids = [UInt8](repeating: 0, count: width * height)
    var counts = [Int](repeating: 0, count: classes)
    var line = [Float](repeating: 0, count: columns * classes)
    var best = [Int](repeating: 0, count: columns)
    for (y, tap) in down.enumerated() {
      let (upper, lower) = (tap.first * columns * classes, tap.second * columns * classes)
      for index in line.indices {
        let value = logits[upper + index]
        line[index] = value + (logits[lower + index] - value) * tap.weight
      }
      for column in 0..<columns {
        best[column] = Self.largest(classes) { line[column * classes + $0] }
      }
      for (x, tap) in across.enumerated() {
        var id = best[tap.first]
        // A class that wins at both ends of a line wins between them.
        if tap.weight != 0, id != best[tap.second] || !line[tap.first * classes + id].isFinite {
          let (left, right) = (tap.first * classes, tap.second * classes)
          id = Self.largest(classes) {
            line[left + $0] + (line[right + $0] - line[left + $0]) * tap.weight
          }
        }
        ids[y * width + x] = UInt8(id)
        counts[id] += 1
      }
    }
    self.width = width
    self.height = height
    classIDs = ids
    self.counts = counts
  }

  /// The share of the pixels of each class, 0 to 1, by class id.
  public var shares: [Double] { counts.map { Double($0) / Double(width * height) } }

  private struct Tap {
    var first: Int
    var second: Int
    var weight: Float
  }

  private static func taps(_ outputs: Int, of size: Int) -> [Tap] {
    (0..<outputs).map { index in
      let position = (Double(index) + 0.5) * Double(size) / Double(outputs) - 0.5
      let inside = min(max(position, 0), Double(size - 1))
      let first = Int(inside)
      return Tap(
        first: first, second: min(first + 1, size - 1), weight: Float(inside - Double(first)))
    }
  }

  private static func largest(_ count: Int, _ value: (Int) -> Float) -> Int {
    var (best, most) = (0, -Float.infinity)
    for index in 0..<count {
      let value = value(index)
      if value > most { (best, most) = (index, value) }
    }
    return best
  }
}
