internal import Media
internal import Logging
internal import Output
internal import Pipeline

/// Logs each source that failed, and the outages of live ones.
final class FailureReporter: ResultSink {
  private let logger: Logger
  private var outages = OutageLog()

  init(logger: Logger) { self.logger = logger }

  func sourceStarted(_ start: SourceStart) {
    logger.debug(
      "\(start.source): opened, \(start.info.codec), \(start.info.width) x \(start.info.height)")
  }

  func frame(_ result: FrameResult) {}

  func gap(_ gap: Gap) {
    guard let line = outages.line(for: gap) else { return }
    switch gap.state {
    case .lost: logger.warning("\(line)")
    case .restored: logger.notice("\(line)")
    }
  }

  func sourceEnded(_ end: SourceEnd) {
    if end.corrupt + end.counts.failed > 0 {
      logger.warning(
        "\(end.source): damaged frames: \(end.corrupt), lost ones: \(end.counts.failed).")
    }
    guard let reason = end.reason else { return }
    let line = "\(end.source): \(sentence(reason.message)) \(reason.remedy)"
    if end.isIncomplete {
      logger.error("\(line)")
    } else if end.status == .complete {
      logger.warning("\(line)")
    }
  }
}
