internal import Foundation
internal import Pipeline

/// What happens to the objects of one or more sources, for `for try await`.
///
///     var options = ObjectOptions(confidence: 0.2)
///     options.zones = [Zone(name: "door", points: [(0.4, 0.5), (0.6, 0.5), (0.6, 1), (0.4, 1)])]
///     for try await event in detector.events(of: url, options: options) {
///       if case .entered("door", let occupancy) = event.kind { print(event.label, occupancy) }
///     }
///
/// Reading, slow loops and cancelling are those of ``DetectedFrames``.
public struct DetectedEvents: AsyncSequence, Sendable {
  /// Something that happened to an object.
  public typealias Element = ObjectEvent
  private let frames: DetectedFrames

  init(_ frames: DetectedFrames) { self.frames = frames }

  /// The progress of the last loop; can be read from any task.
  public var progress: RunProgress { frames.progress }

  /// Starts to read the sources.
  public func makeAsyncIterator() -> Iterator { Iterator(frames: frames.makeAsyncIterator()) }

  /// Delivers the events of one loop.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    fileprivate var frames: DetectedFrames.Iterator
    private var waiting: ArraySlice<ObjectEvent> = []
    /// When the time of each live source was zero, by the clock.
    private var origins: [String: Date] = [:]

    fileprivate init(frames: DetectedFrames.Iterator) { self.frames = frames }

    /// The next event; `nil` after the last.
    ///
    /// - Throws: ``StreamDetectError``, as ``DetectedFrames/Iterator/next()`` does.
    public mutating func next() async throws -> ObjectEvent? {
      while waiting.isEmpty {
        switch try await frames.nextItem() {
        case .frame(let result):
          let origin = result.wall?.addingTimeInterval(-result.t)
          origins[result.source] = origin
          waiting =
            result.events.map {
              ObjectEvent($0, source: result.source, origin: origin)
            }[...]
        case .ended(let source, let events):
          let origin = origins.removeValue(forKey: source)
          waiting = events.map { ObjectEvent($0, source: source, origin: origin) }[...]
        case nil: return nil
        }
      }
      return waiting.removeFirst()
    }
  }
}
