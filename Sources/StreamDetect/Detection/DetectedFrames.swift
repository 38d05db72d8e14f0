internal import Pipeline
internal import Support

/// The frames of one or more sources with the objects in them, for `for try await`.
///
///     let frames = detector.frames(of: url)
///     for try await frame in frames {
///       print(frame.time, frame.objects.map(\.label), frames.progress.fraction ?? 0)
///     }
///
/// Reading starts with the loop and runs a few frames ahead: a slow loop slows decoding down, and
/// live sources drop frames meanwhile, as ``ReadingOptions/livePolicy`` says. If the task of the
/// loop is cancelled, reading stops, and the frames that were decoded still arrive before the loop
/// ends. If the loop is left, everything stops at once. Each loop reads the sources anew.
public struct DetectedFrames: AsyncSequence, Sendable {
  /// A frame with the objects in it.
  public typealias Element = DetectedFrame
  private let labels: [String]
  private let keepsPictures: Bool
  private let sourceCount: Int
  /// The pipeline's results, or why the options are impossible.
  private let results: Result<DetectionResults, StreamDetectError>
  /// The run of the last loop.
  private let control = Locked<PipelineControl?>(nil)

  init(
    labels: [String], keepsPictures: Bool, sourceCount: Int,
    _ makeResults: () throws(StreamDetectError) -> DetectionResults
  ) {
    self.labels = labels
    self.keepsPictures = keepsPictures
    self.sourceCount = sourceCount
    results = Result(catching: makeResults)
  }

  /// The progress of the last loop; can be read from any task.
  public var progress: RunProgress {
    control.withLock { $0?.progress() }.map { RunProgress($0) } ?? RunProgress()
  }

  /// Starts to read the sources.
  public func makeAsyncIterator() -> Iterator {
    Iterator(
      labels: labels, keepsPictures: keepsPictures, sourceCount: sourceCount,
      results: results.map { results in
        let iterator = results.makeAsyncIterator()
        control.withLock { $0 = iterator.control }
        return iterator
      })
  }

  /// Delivers the frames of one loop.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    fileprivate let labels: [String]
    fileprivate let keepsPictures: Bool
    fileprivate let sourceCount: Int
    fileprivate var results: Result<DetectionResults.Iterator, StreamDetectError>

    /// The next frame; `nil` after the last.
    ///
    /// - Throws: ``StreamDetectError``: ``StreamDetectError/options(_:)`` or
    ///   ``StreamDetectError/model(_:)`` for options that are impossible; after the last frame
    ///   ``StreamDetectError/media(_:)`` if the source failed or ended early, or
    ///   ``StreamDetectError/sources(_:)`` for those of several that did.
    public mutating func next() async throws -> DetectedFrame? {
      while let item = try await nextItem() {
        guard case .frame(let result) = item else { continue }
        return DetectedFrame(result, labels: labels, keepsPicture: keepsPictures)
      }
      return nil
    }

    /// The next frame's result, or the events of a source's end; `nil` after the last.
    mutating func nextItem() async throws -> ResultItem? {
      // Not a typed error: Swift 6.3 crashes on a `for try await` loop with one if the `catch` has
      // a pattern and is not exhaustive.
      var iterator = try results.get()
      defer { results = .success(iterator) }
      do {
        return try await iterator.nextItem()
      } catch let error as IncompleteSourcesError {
        let failures = error.ends.compactMap { MediaFailure($0) }
        throw sourceCount == 1 && failures.count == 1
          ? StreamDetectError.media(failures[0]) : .sources(failures)
      }
    }
  }
}
