import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite("Motion model")
struct MotionTests {
  private func filter() -> AxisFilter {
    var filter = AxisFilter(
      position: 10, size: 40, positionVariance: 4, velocityVariance: 100, sizeVariance: 2)
    filter.predict(0.1, acceleration: 30, growth: 1)
    filter.updatePosition(13, variance: 3)
    return filter
  }

  @Test("a prediction doesn't depend on the steps in which it is made", arguments: [2, 5, 40])
  func steps(count: Int) {
    var whole = filter()
    whole.predict(0.8, acceleration: 30, growth: 1)
    var stepped = filter()
    for _ in 0..<count { stepped.predict(0.8 / Double(count), acceleration: 30, growth: 1) }
    for part in [
      \AxisFilter.position, \.velocity, \.positionVariance, \.covariance, \.velocityVariance,
      \.sizeVariance,
    ] {
      let difference = (whole[keyPath: part] - stepped[keyPath: part]).magnitude
      #expect(difference < 1e-9 * max(1, whole[keyPath: part].magnitude))
    }
  }

  @Test("an observation is taken in by the weight of its variance")
  func update() {
    var filter = AxisFilter(
      position: 10, size: 40, positionVariance: 4, velocityVariance: 100, sizeVariance: 2)
    filter.covariance = 6
    filter.updatePosition(18, variance: 12)
    // A quarter of the variance is the filter's.
    #expect(filter.position == 12 && filter.positionVariance == 3)
    #expect(filter.velocity == 3 && filter.velocityVariance == 100 - 36.0 / 16)
    #expect(filter.covariance == 4.5)
    filter.updateSize(43, variance: 4)
    #expect(filter.size == 41 && (filter.sizeVariance - 4.0 / 3).magnitude < 1e-12)
  }

  @Test("an object that the border cuts off is placed by its visible edge")
  func cutOff() {
    let left = VisibleSpan(start: 1, length: 30, limit: 640, noise: 0.05)
    #expect(left.startIsCut && !left.endIsCut && left.centre(size: 50) == 6)
    let right = VisibleSpan(start: 600, length: 39, limit: 640, noise: 0.05)
    #expect(right.endIsCut && right.centre(size: 60) == 630)
    let whole = VisibleSpan(start: 300, length: 40, limit: 640, noise: 0.05)
    #expect(whole.isWhole && whole.centre(size: 90) == 320)
    #expect(VisibleSpan(start: 1, length: 30, limit: nil, noise: 0.05).isWhole)
  }

  @Test("scores: the median of the last ten")
  func scores() {
    var scores = RecentScores()
    for score in [0.9, 0.1, 0.5] { scores.add(score) }
    #expect((scores.median - 0.5).magnitude < 1e-6 && scores.total == 3)
    scores.add(0.6)
    #expect((scores.median - 0.5).magnitude < 1e-6)
    for _ in 0..<6 { scores.add(0.2) }
    #expect((scores.median - 0.2).magnitude < 1e-6)
    for score in 1...10 { scores.add(Double(score) / 20) }
    #expect((scores.median - 0.25).magnitude < 1e-6 && scores.total == 20)
  }

  @Test("classes: the one with the most votes, however many there are")
  func votes() {
    var votes = ClassVotes(3, weight: 0.5)
    votes.add(7, weight: 0.5)
    #expect(votes.winner == 3)
    votes.add(7, weight: 0.1)
    #expect(votes.winner == 7)
    for other in 100..<200 { votes.add(other, weight: 0.001) }
    #expect(votes.winner == 7)
    for _ in 0..<9 { votes.add(-2, weight: 1) }
    #expect(votes.winner == -2)
  }

  @Test("a camera that stands still is never taken for a moving one")
  func stillCamera() {
    var random = SplitMix64(seed: 3)
    var camera = CameraFollower()
    var moved = 0
    // The sum of twelve uniform numbers is nearly normal.
    func noise() -> Double {
      2 * (0..<12).reduce(-6.0) { sum, _ in sum + .random(in: 0...1, using: &random) }
    }
    for _ in 0..<2000 {
      let innovations = (0..<6).map { _ in
        CameraFollower.Innovation(x: noise(), y: noise(), deviation: 2, side: 60)
      }
      camera.update(innovations, 0.04, TrackerTuning())
      if camera.x != 0 || camera.y != 0 { moved += 1 }
    }
    #expect(moved == 0)
  }
}
