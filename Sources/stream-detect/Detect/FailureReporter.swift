internal import Media
internal import Logging
internal import Pipeline

/// Names each source that did not end well in the log, and says when a live one was lost.
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
      logger.warning("\(gap.source): lost. \(gap.reason?.sentence ?? "")\(retry)")
    case .restored: logger.notice("\(gap.source): frames come again.")
    }
  }

  func sourceEnded(_ end: SourceEnd) {
    guard end.status == .failed || end.status == .truncated, let reason = end.reason else { return }
    logger.error("\(end.source): \(sentence(reason.sentence)) \(reason.remedy)")
  }
}
