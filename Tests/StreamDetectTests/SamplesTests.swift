import StreamDetect
import Testing

@Suite("Benchmarks")
struct SamplesTests {
  @Test("median and 95th percentile are those of the samples")
  func samples() {
    let samples = Samples((1...100).map(Double.init).shuffled())
    #expect(samples.median == 50.5 && samples.percentile95 == 95 && samples.minimum == 1)
    #expect(Samples([3, 1, 2]).median == 2 && Samples([7]).percentile95 == 7)
  }

  @Test("a length in runs or seconds repeats at least once")
  func lengths() {
    #expect(RunLength.runs(3).times {}.count == 3)
    #expect(RunLength.seconds(0).times {}.count == 1)
  }
}
