internal import ArgumentParser

/// Messages on standard error.
struct ReportOptions: ParsableArguments {
  enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Flag(name: .shortAndLong, help: "Print only errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print more messages.")
  var verbose = false

  @Option(help: "Format of the messages on standard error.")
  var logFormat: LogFormat = .text

  func validate() throws {
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose exclude each other; give one of them.")
    }
  }
}
