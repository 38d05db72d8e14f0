internal import Foundation
internal import Media

/// A source that was opened to find out whether it is live.
final class OpenedSource: @unchecked Sendable {
  // Sendable because the stage that has opened it lets go of it when it passes it on.
  let cancellation: Cancellation
  private var reader: (any FrameSource)?

  init(_ reader: any FrameSource, _ cancellation: Cancellation) {
    self.reader = reader
    self.cancellation = cancellation
  }

  var isLive: Bool { reader?.info.kind == .live }

  /// The reader; the caller closes it.
  func take() -> (any FrameSource)? {
    defer { reader = nil }
    return reader
  }
}

extension DecodeStage {
  /// Seconds that the first file is read before the scout starts.
  ///
  /// A list of pictures on a server is read by then, and no picture is opened twice.
  private static let scoutDelay = 1.0

  /// Passes a source on to its reserve lane if it is live; returns whether it is.
  func passOn(_ entry: LaneBacklog.Entry, _ opened: OpenedSource) -> Bool {
    guard let lane = entry.liveLane, opened.isLive, context.options.allowsLive else {
      return false
    }
    var source = entry.source
    source.kind = .live
    source.isKindOpen = false
    let stage = DecodeStage(
      plan: LanePlan(sources: [source], isLive: true), lane: lane, context: context,
      backlog: backlog, start: start)
    // Without a thread the files behind it have to wait for its end.
    if !start({ [source] in stage.readLive(source, opened: opened) }) {
      stage.readLive(source, opened: opened)
    }
    return true
  }

  /// Starts to look, beside the file that is being read, for live sources behind it.
  func startScout() {
    guard backlog.needsScout() else { return }
    // Without a thread a live source is found when its turn comes.
    _ = start {
      guard sleep(Self.scoutDelay) else { return }
      backlog.scout { entry in
        guard !context.control.isStopping else { return false }
        let cancellation = Cancellation()
        return context.control.withStopAction({ cancellation.cancel() }) {
          let reading = SourceReading(entry.source, lane: lane, context: context)
          // One that can't be opened is reported when its turn comes.
          guard let reader = try? reading.connect(cancellation, again: true) else { return false }
          return passOn(entry, OpenedSource(reader, cancellation))
        }
      }
    }
  }

  /// Waits for some seconds, and returns whether the run was not stopped meanwhile.
  func sleep(_ seconds: Double) -> Bool {
    let woken = DispatchSemaphore(value: 0)
    return context.control.withStopAction({ woken.signal() }) {
      woken.wait(timeout: .now() + seconds) == .timedOut
    }
  }
}
