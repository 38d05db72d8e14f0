internal import ArgumentParser

/// What is said on standard error.
struct ReportOptions: ParsableArguments {
  enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more.")
  var verbose = false

  @Option(help: "Form of the messages on standard error.")
  var logFormat: LogFormat = .text

  func validate() throws {
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose exclude each other; give one of them.")
    }
  }
}
