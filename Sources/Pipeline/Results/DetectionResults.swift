internal import Foundation
internal import Media
public import SSDLite
package import Tracking

/// The results of sources, frame by frame, for `for try await`.
///
/// Reading begins with the iterator and runs ahead by a few frames only: a slow consumer slows
/// decoding down (of live sources frames are dropped meanwhile, according to the options). When the
/// consumer's task is cancelled, reading stops, and the results of decoded frames still follow
/// before the sequence ends. When the consumer leaves the loop, the run ends at once. Each iterator
/// reads the sources anew.
public struct DetectionResults: AsyncSequence, Sendable {
  /// The result of a frame.
  public typealias Element = FrameResult

  private let sources: [MediaSource]
  private let capacity: Int
  private let wantsPictures: Bool
  private let makePipeline: @Sendable (any ResultSink, PipelineControl) -> DetectionPipeline

  /// Makes the results of sources; with `wantsPictures` each result has its picture.
  public init(
    pyramid: DetectorPyramid, options: PipelineOptions, sources: [MediaSource],
    wantsPictures: Bool = false
  ) {
    self.init(
      sources: sources, capacity: options.queueCapacity, wantsPictures: wantsPictures
    ) { sink, control in
      DetectionPipeline(pyramid: pyramid, options: options, sinks: [sink], control: control)
    }
  }

  package init(
    sources: [MediaSource], capacity: Int, wantsPictures: Bool,
    makePipeline: @escaping @Sendable (any ResultSink, PipelineControl) -> DetectionPipeline
  ) {
    self.sources = sources
    self.capacity = Swift.max(capacity, 1)
    self.wantsPictures = wantsPictures
    self.makePipeline = makePipeline
  }

  /// Starts reading the sources.
  public func makeAsyncIterator() -> Iterator {
    let queue = BoundedQueue<ResultItem>(
      capacity: capacity, byteLimit: PipelineOptions.standardQueueBytes)
    let control = PipelineControl()
    let (sources, wantsPictures, makePipeline) = (sources, wantsPictures, makePipeline)
    DispatchQueue(label: "stream-detect.run").async {
      let sink = QueueSink(queue, wantsPictures: wantsPictures)
      _ = makePipeline(sink, control).run(sources)
      sink.finish()
    }
    return Iterator(ResultRun(queue: queue, control: control))
  }

  /// Iterates over the results of one run.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    private let run: ResultRun

    /// Tells how far the run is; it does not keep the run going.
    package var control: PipelineControl { run.control }

    fileprivate init(_ run: ResultRun) {
      self.run = run
    }

    /// The next frame's result; `nil` after the last.
    ///
    /// - Throws: `IncompleteSourcesError` after the last result if a source failed or broke off.
    public mutating func next() async throws -> FrameResult? {
      while let item = try await nextItem() {
        if case .frame(let result) = item { return result }
      }
      return nil
    }

    /// The next frame's result, or the events of a source's end; `nil` after the last.
    package mutating func nextItem() async throws -> ResultItem? {
      let run = run
      return try await withTaskCancellationHandler {
        try await run.next()
      } onCancel: {
        run.control.drain()
      }
    }
  }
}

/// Some sources could not be analysed to their end.
public struct IncompleteSourcesError: Error, Sendable, CustomStringConvertible {
  /// The ends of the sources that failed or broke off, in order.
  public let ends: [SourceEnd]

  /// A sentence for each source.
  public var description: String {
    ends.map { "\($0.source): \($0.status): \($0.reason?.message ?? "")" }.joined(separator: " ")
  }
}

/// What a consumer of results gets.
package enum ResultItem: QueueElement, Sendable {
  case frame(FrameResult)
  /// A source has ended, and with it these events.
  case ended(source: String, [ObjectEvent])

  package var byteCount: Int {
    if case .frame(let result) = self { result.frame?.byteCount ?? 0 } else { 0 }
  }
}

/// A run and its consumer's end of the queue; the run ends when the consumer has gone.
private final class ResultRun: Sendable {
  let control: PipelineControl
  private let queue: BoundedQueue<ResultItem>
  /// Waits for results, so that no thread of Swift's pool is blocked.
  private let waiting = DispatchQueue(label: "stream-detect.results")

  init(queue: BoundedQueue<ResultItem>, control: PipelineControl) {
    self.queue = queue
    self.control = control
  }

  deinit {
    queue.cancel()
    control.cancel()
  }

  func next() async throws -> ResultItem? {
    try await withCheckedThrowingContinuation { continuation in
      waiting.async { [queue] in
        continuation.resume(with: Result { try queue.pop() })
      }
    }
  }
}

/// Passes results on to the consumer's queue, and collects incomplete sources for its end.
private final class QueueSink: ResultSink {
  let wantsPictures: Bool
  private let queue: BoundedQueue<ResultItem>
  private var incomplete: [SourceEnd] = []

  init(_ queue: BoundedQueue<ResultItem>, wantsPictures: Bool) {
    self.queue = queue
    self.wantsPictures = wantsPictures
  }

  func sourceStarted(_ start: SourceStart) {}

  func frame(_ result: FrameResult) throws {
    try push(.frame(result))
  }

  private func push(_ item: ResultItem) throws {
    guard queue.push(item) != nil else {
      throw SinkError(.brokenPipe, "The results have no consumer any more.")
    }
  }

  func sourceEnded(_ end: SourceEnd) throws {
    if !end.events.isEmpty { try push(.ended(source: end.source, end.events)) }
    if end.isIncomplete { incomplete.append(end) }
  }

  func finish() {
    if incomplete.isEmpty {
      queue.close()
    } else {
      queue.fail(IncompleteSourcesError(ends: incomplete))
    }
  }
}
