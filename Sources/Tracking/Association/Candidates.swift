internal import Geometry

/// The observations of a frame, sorted so that those near a track are found quickly.
struct Candidates: Sendable {
  private(set) var observations: [BoxObservation] = []
  /// Whether an observation is usable and hasn't been matched.
  var isFree: [Bool] = []
  /// The indices of the usable observations, from left to right.
  private var order: [Int] = []
  /// The centres of those, in the same order.
  private var centres: [Double] = []
  private var largestWidth = 0.0

  /// Takes the observations of a new frame; at most `limit`, those with the highest scores.
  mutating func begin(_ found: [BoxObservation], lowScore: Double, limit: Int) {
    observations = found
    isFree.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
    centres.removeAll(keepingCapacity: true)
    largestWidth = 0
    for (index, observation) in found.enumerated() {
      let isUsable = observation.isUsable && observation.score >= lowScore
      isFree.append(isUsable)
      if isUsable { order.append(index) }
    }
    if order.count > limit {
      order.sort { (-found[$0].score, $0) < (-found[$1].score, $1) }
      for index in order[limit...] { isFree[index] = false }
      order.removeLast(order.count - limit)
    }
    order.sort { (found[$0].box.centreX, $0) < (found[$1].box.centreX, $1) }
    for index in order {
      centres.append(found[index].box.centreX)
      largestWidth = max(largestWidth, found[index].box.width)
    }
  }

  /// Calls `body` with each free observation whose centre may be near a track's.
  ///
  /// What counts as near grows with the observation's own width, so all within reach of the widest
  /// are given.
  func nearby(
    _ axis: AxisFilter, farthest: Double, _ body: (_ index: Int, _ found: BoxObservation) -> Void
  ) {
    let reach =
      (farthest * (axis.positionVariance + square(max(largestWidth, axis.size) * 0.1)))
      .squareRoot() + largestWidth
    var place = firstPlace(from: axis.position - reach)
    let end = axis.position + reach
    while place < centres.count && centres[place] <= end {
      let index = order[place]
      if isFree[index] { body(index, observations[index]) }
      place += 1
    }
  }

  /// The first place whose centre is not left of `x`.
  private func firstPlace(from x: Double) -> Int {
    var low = 0
    var high = centres.count
    while low < high {
      let middle = (low + high) / 2
      if centres[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension PixelBox {
  var centreX: Double { x + width / 2 }
  var centreY: Double { y + height / 2 }
}
