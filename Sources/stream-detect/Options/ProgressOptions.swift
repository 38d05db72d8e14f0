internal import ArgumentParser
internal import Output

/// How progress is reported.
struct ProgressOptions: ParsableArguments {
  enum Progress: String, ExpressibleByArgument, CaseIterable { case auto, bar, plain, json, none }

  @Option(help: "Progress on standard error; auto is a bar on a terminal, otherwise plain.")
  var progress: Progress = .auto

  /// The style of progress reports, or `nil` for none.
  ///
  /// There is no bar if results are printed to the same terminal, where the two would mix.
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
