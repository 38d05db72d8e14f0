internal import Media
internal import Logging
internal import Pipeline

/// Logs each source that failed, and when a live one is lost or restored.
final class FailureReporter: ResultSink {
  private let logger: Logger

  init(logger: Logger) { self.logger = logger }

  func sourceStarted(_ start: SourceStart) {
    logger.debug(
      "\(start.source): opened, \(start.info.codec), \(start.info.width) x \(start.info.height)")
  }

  func frame(_ result: FrameResult) {}

  func gap(_ gap: Gap) {
    switch gap.state {
    case .lost:
      let retry = gap.retryIn.map { " Attempt \(gap.attempt) in \(decimals($0, 1)) s." } ?? ""
      logger.warning("\(gap.source): stream lost. \(gap.reason?.message ?? "")\(retry)")
    case .restored: logger.notice("\(gap.source): stream restored.")
    }
  }

  func sourceEnded(_ end: SourceEnd) {
    guard end.status == .failed || end.status == .truncated, let reason = end.reason else { return }
    logger.error("\(end.source): \(sentence(reason.message)) \(reason.remedy)")
  }
}
