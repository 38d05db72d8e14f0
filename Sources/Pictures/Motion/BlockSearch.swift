/// Searches blocks of a picture in another one.
struct BlockSearch {
  typealias Shift = (x: Int, y: Int)

  private let reference: LumaImage
  private let image: LumaImage
  private let blocks: [LumaBlock]
  private let reach: Int
  private var centre: Shift = (0, 0)
  /// The blocks whose whole surroundings are inside the picture.
  private var usable: [LumaBlock] = []
  /// The best shift of each usable block.
  private var best: [Shift] = []

  init(_ reference: LumaImage, _ image: LumaImage, _ blocks: [LumaBlock], reach: Int) {
    self.reference = reference
    self.image = image
    self.blocks = blocks
    self.reach = reach
  }

  /// How many blocks take part.
  var usableCount: Int { usable.count }

  /// Finds the best shift of each block around `centre`; of equal ones the nearest to it.
  mutating func run(around centre: Shift) {
    self.centre = centre
    let (width, height) = (image.width - LumaBlock.side, image.height - LumaBlock.side)
    usable = blocks.filter { block in
      let (x, y) = (block.x + centre.x, block.y + centre.y)
      return x > reach && y > reach && x < width - reach && y < height - reach
    }
    best = usable.map { block in
      var best = (shift: centre, difference: difference(block, centre))
      for y in centre.y - reach...centre.y + reach {
        for x in centre.x - reach...centre.x + reach {
          let difference = difference(block, (x, y))
          if difference < best.difference { best = ((x, y), difference) }
        }
      }
      return best.shift
    }
  }

  /// The shift that has the most blocks at it or next to it, and their share.
  var mode: (shift: Shift, share: Double) {
    guard !best.isEmpty else { return (centre, 0) }
    let side = 2 * reach + 1
    var votes = [Int](repeating: 0, count: side * side)
    for shift in best {
      votes[(shift.y - centre.y + reach) * side + shift.x - centre.x + reach] += 1
    }
    var winner = (shift: centre, votes: -1)
    // From the centre outwards, which decides between equals.
    let order = (0..<side * side).sorted { a, b in
      func distance(_ place: Int) -> Int {
        abs(place % side - reach) + abs(place / side - reach)
      }
      return (distance(a), a) < (distance(b), b)
    }
    for place in order where votes[place] > 0 {
      let shift = (x: place % side - reach + centre.x, y: place / side - reach + centre.y)
      // Its own votes count twice, so that it is the middle of those around it.
      let sum = votes[place] + best.count { isNear($0, shift) }
      if sum > winner.votes { winner = (shift, sum) }
    }
    return (winner.shift, share(at: winner.shift))
  }

  /// The share of the blocks at a shift or next to it.
  func share(at shift: Shift) -> Double {
    usable.isEmpty ? 0 : Double(best.count { isNear($0, shift) }) / Double(usable.count)
  }

  /// The share of the blocks at a shift.
  func share(exactlyAt shift: Shift) -> Double {
    usable.isEmpty ? 0 : Double(best.count { $0 == shift }) / Double(usable.count)
  }

  func isNear(_ a: Shift, _ b: Shift) -> Bool { abs(a.x - b.x) <= 1 && abs(a.y - b.y) <= 1 }

  /// Whether better shifts may lie beyond what was searched.
  func isAtEdge(_ shift: Shift) -> Bool {
    abs(shift.x - centre.x) >= reach || abs(shift.y - centre.y) >= reach
  }

  /// The shift between pixels near `shift`, from the blocks whose best it is.
  ///
  /// The sum of differences falls and rises by straight lines of equal slope around it.
  func refined(_ shift: Shift) -> (x: Double, y: Double) {
    var (here, left, right, above, below) = (0, 0, 0, 0, 0)
    for (block, found) in zip(usable, best) where isNear(found, shift) {
      guard block.x + shift.x > 0, block.y + shift.y > 0,
        block.x + shift.x + LumaBlock.side < image.width,
        block.y + shift.y + LumaBlock.side < image.height
      else { continue }
      here += difference(block, shift)
      left += difference(block, (shift.x - 1, shift.y))
      right += difference(block, (shift.x + 1, shift.y))
      above += difference(block, (shift.x, shift.y - 1))
      below += difference(block, (shift.x, shift.y + 1))
    }
    return (
      Double(shift.x) + Self.vertex(left, here, right),
      Double(shift.y) + Self.vertex(above, here, below)
    )
  }

  private static func vertex(_ before: Int, _ here: Int, _ after: Int) -> Double {
    let slope = max(before, after) - here
    guard slope > 0 else { return 0 }
    return min(max(Double(before - after) / Double(2 * slope), -0.5), 0.5)
  }

  private func difference(_ block: LumaBlock, _ shift: Shift) -> Int {
    reference.difference(block.x, block.y, to: image, block.x + shift.x, block.y + shift.y)
  }
}
