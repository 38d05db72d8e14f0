import TestSupport
import Testing

@testable import Pipeline

struct FrameSelectorTests {
  /// The times that a selection takes; the rest up to its end is skipped.
  private func taken(
    _ selection: FrameSelection, _ times: [Double], keyframes: Int = 1
  ) -> [Double] {
    var selector = FrameSelector(selection)
    var taken: [Double] = []
    for (index, t) in times.enumerated() {
      switch selector.decide(t: t, isKeyframe: index % keyframes == 0) {
      case .take: taken.append(t)
      case .skip: break
      case .end: return taken
      }
    }
    return taken
  }

  private let at25 = (0..<250).map { Double($0) / 25 }

  @Test("by default every frame is taken")
  func all() {
    #expect(taken(FrameSelection(), at25) == at25)
  }

  @Test("a stride counts from the first frame in range")
  func stride() {
    #expect(taken(FrameSelection(rate: .stride(100)), at25) == [0, 4, 8])
    #expect(taken(FrameSelection(rate: .stride(100), start: 1), at25) == [1, 5, 9])
  }

  @Test("an interval is measured in time, not in frames")
  func every() {
    #expect(taken(FrameSelection(rate: .every(seconds: 2)), at25) == [0, 2, 4, 6, 8])
    let variable = [0, 0.1, 0.2, 1.9, 2.4, 2.5, 3.9, 4.1, 9, 9.1, 11.5]
    #expect(taken(FrameSelection(rate: .every(seconds: 2)), variable) == [0, 2.4, 4.1, 9, 11.5])
  }

  @Test("a rate that doesn't divide the source's is right on average")
  func average() {
    let at30 = (0..<3000).map { Double($0) / 30 }
    for rate in [1.0, 7, 10, 12.5, 24, 25, 29.97] {
      let count = taken(FrameSelection(rate: .every(seconds: 1 / rate)), at30).count
      #expect(abs(Double(count) - 100 * rate) <= 1, "\(rate) frames a second gave \(count)")
    }
  }

  @Test(
    "a rate equal to the source's takes every frame though time stamps are rounded to ms",
    arguments: [24000.0 / 1001, 25, 30000.0 / 1001, 30, 50, 60, 120])
  func rounded(rate: Double) {
    let times = (0..<600).map { (Double($0) / rate * 1000).rounded() / 1000 }
    #expect(taken(FrameSelection(rate: .every(seconds: 1 / rate)), times) == times)
  }

  @Test("frames that are a little late don't lower the rate", arguments: 0..<5)
  func jitter(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let times = (0..<1000).map { Double($0) / 15 + Double.random(in: 0...0.01, using: &random) }
    let count = taken(FrameSelection(rate: .every(seconds: 1 / 15)), times).count
    #expect(count > 900, "\(count) of 1000")
  }

  @Test("start, end and duration are times, and the earlier end counts")
  func range() {
    let range = taken(FrameSelection(start: 1, end: 2), at25)
    #expect(range.first == 1 && range.last == 49.0 / 25)
    #expect(taken(FrameSelection(start: 1, duration: 1), at25) == range)
    #expect(taken(FrameSelection(start: 1, end: 2, duration: 5), at25) == range)
    #expect(taken(FrameSelection(start: 100), at25).isEmpty)
  }

  @Test("the limit counts frames that are taken")
  func limit() {
    let selection = FrameSelection(rate: .stride(10), limit: 3)
    #expect(taken(selection, at25) == [0, 0.4, 0.8])
    var selector = FrameSelector(FrameSelection(limit: 1))
    #expect(!selector.isExhausted)
    _ = selector.decide(t: 0, isKeyframe: true)
    #expect(selector.isExhausted)
  }

  @Test("keyframes are taken whatever their distance")
  func keyframes() {
    #expect(taken(FrameSelection(rate: .keyframes), at25, keyframes: 50) == [0, 2, 4, 6, 8])
  }
}
