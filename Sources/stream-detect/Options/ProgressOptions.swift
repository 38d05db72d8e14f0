internal import ArgumentParser
internal import Output

/// How a run says how far it is.
struct ProgressOptions: ParsableArguments {
  enum Progress: String, ExpressibleByArgument, CaseIterable { case auto, bar, plain, json, none }

  @Option(help: "Progress on standard error; auto is a bar on a terminal, else plain.")
  var progress: Progress = .auto

  /// How progress is said, if at all.
  ///
  /// A bar would only be in the way between lines that go to the terminal as they come.
  func style(isQuiet: Bool, hasLinesOnTerminal: Bool) -> ProgressStyle? {
    if isQuiet { return nil }
    switch progress {
    case .auto:
      return Console.standardError.isTerminal && !hasLinesOnTerminal ? .bar : .plain
    case .bar: return .bar
    case .plain: return .plain
    case .json: return .json
    case .none: return nil
    }
  }
}
