internal import Logging

extension ReportOptions {
  /// The logger that these options ask for.
  func makeLogger() -> Logger {
    let level: Logger.Level = quiet ? .error : verbose ? .debug : .notice
    let isJSON = logFormat == .json
    return Logger(label: "stream-detect") { _ in ConsoleLogHandler(level: level, isJSON: isJSON) }
  }
}
