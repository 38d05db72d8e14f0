import Foundation
import Testing

@testable import Pipeline

@Suite("The rate of results")
struct ResultRateTests {
  /// A rate after `count` results, one every `interval` seconds from 0 on.
  private func rate(_ count: Int, every interval: Double) -> ResultRate {
    var rate = ResultRate(now: 0)
    for index in 1...count { rate.add(now: Double(index) * interval) }
    return rate
  }

  @Test("it is that of the last few seconds")
  func window() {
    #expect(abs(rate(250, every: 0.04).perSecond(now: 10.1) - 25) < 0.5)
    #expect(rate(3, every: 0.1).perSecond(now: 1.5) == 2)
  }

  @Test("it falls to zero when no result comes, and begins anew with the next")
  func silence() {
    var rate = rate(250, every: 0.04)
    #expect(rate.perSecond(now: 17) == 0)
    for index in 0..<50 { rate.add(now: 1000 + Double(index) * 0.1) }
    #expect(abs(rate.perSecond(now: 1005) - 10) < 0.5)
  }

  @Test("results that are far apart are no silence")
  func sparse() {
    let rate = rate(12, every: 10)
    #expect(abs(rate.perSecond(now: 129) - 0.1) < 0.01)
    #expect(rate.perSecond(now: 200) == 0)
  }

  @Test("during an outage of all sources that go on, it is zero at once")
  func outage() {
    func gap(_ source: String, _ state: Gap.State) -> Gap {
      Gap(
        source: source, state: state, reason: nil, frame: 0, wall: Date(), attempt: 1, retryIn: 1)
    }
    let meter = ProgressMeter()
    meter.begin(sources: 3)
    func count() {
      for index in 0..<50 {
        meter.finished(
          FrameResult(
            source: "a", index: index, pts: nil, t: 0, width: 1, height: 1, detections: []))
      }
      usleep(1000)
    }
    count()
    #expect(meter.progress().framesPerSecond > 0)
    meter.changed(gap("a", .lost))
    meter.changed(gap("b", .lost))
    #expect(meter.progress().framesPerSecond > 0)
    meter.ended("c")
    #expect(meter.progress().framesPerSecond == 0)
    meter.changed(gap("a", .restored))
    count()
    #expect(meter.progress().framesPerSecond > 0)
  }
}
