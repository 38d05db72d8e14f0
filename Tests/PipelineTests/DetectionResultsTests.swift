import TestSupport
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(20)))
struct DetectionResultsTests {
  private func results(_ opener: FakeOpener, _ sources: [MediaSource]) -> DetectionResults {
    DetectionResults(sources: sources, capacity: 2, wantsPictures: false) { sink, control in
      DetectionPipeline(
        opener: opener, analyzers: FakeAnalyzers(), options: fakeOptions(), sinks: [sink],
        control: control)
    }
  }

  @Test("a loop gets every frame in order, then ends")
  func all() async throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 50)]])
    var indices: [Int] = []
    for try await result in results(opener, [file("a")]) { indices.append(result.index) }
    #expect(indices == Array(0..<50))
  }

  @Test("the consumer's pace throttles decoding")
  func backPressure() async throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 300)]])
    var iterator = results(opener, [file("a")]).makeAsyncIterator()
    _ = try await iterator.next()
    try await Task.sleep(for: .milliseconds(100))
    // Waiting in the lane, being analysed or ordered, waiting for the sink, just decoded, in the
    // queue of results, and held by the sink and by the consumer.
    #expect(opener.inFlight.most <= 2 + (2 + 2) + 2 + 1 + 2 + 2)
    var count = 1
    while try await iterator.next() != nil { count += 1 }
    #expect(count == 300)
  }

  @Test("a failed source throws after the results of the others")
  func failure() async {
    let opener = FakeOpener(["a": [.refused()], "b": [FakeConnection(frames: 5)]])
    var count = 0
    do {
      for try await _ in results(opener, [file("a"), file("b")]) { count += 1 }
      Issue.record("no error")
    } catch {
      let ends = (error as? IncompleteSourcesError)?.ends
      #expect(ends?.map(\.source) == ["a"] && ends?.first?.reason?.code == "connection_refused")
    }
    #expect(count == 5)
  }

  @Test("a cancelled task stops reading and still gets what was decoded")
  func cancellation() async throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 20, isSilentAtEnd: true)]])
    let results = results(opener, [file("a")])
    let (started, signal) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      var indices: [Int] = []
      for try await result in results {
        indices.append(result.index)
        if indices.count == 20 { signal.finish() }
      }
      return indices
    }
    for await _ in started {}
    task.cancel()
    #expect(try await task.value == Array(0..<20))
  }

  @Test("leaving the loop ends the run")
  func leaving() async throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 1_000_000)]])
    for try await result in results(opener, [file("a")]) where result.index == 3 { break }
    // Without a consumer, a run that went on would never come to its last frame.
    #expect(waitUntil { opener.atWork.now == 0 })
    #expect(opener.openings == ["a"])
  }
}
