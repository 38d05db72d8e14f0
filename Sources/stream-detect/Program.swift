internal import Annotations
internal import ArgumentParser
internal import Backbone
internal import Evaluation
internal import Media
internal import Models
internal import Output
internal import Pipeline

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The program: parses the command line, runs the command and says how it ended.
@main
enum Program {
  /// Version of the program, as `--version` and the first JSON line say it.
  static let version = "0.1.0"

  static func main() {
    // A reader that goes away is an error of `write`, not a death.
    signal(SIGPIPE, SIG_IGN)
    let status = run(Array(CommandLine.arguments.dropFirst()))
    exit(status.rawValue)
  }

  /// Runs the command that `arguments` ask for.
  static func run(_ arguments: [String]) -> ExitStatus {
    // What FFmpeg said again and again at the end is still to be said once.
    defer { FFmpegLog.flush() }
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      try command.run()
      return .complete
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> ExitStatus {
    if let status = error as? ExitStatus { return status }
    if let (status, text) = explained(error) {
      if status != .complete { complain(text) }
      return status
    }
    let code = RootCommand.exitCode(for: error)
    if code.isSuccess {
      return (try? printText(RootCommand.fullMessage(for: error))) == nil ? .output : .complete
    }
    guard code == .validationFailure else {
      complain("\(error). This is a fault of the program; please report it.")
      return .internalError
    }
    complain("\(sentence(RootCommand.message(for: error))) Try 'stream-detect --help'.")
    return .usage
  }

  /// The status and the line for errors of the modules; `nil` for those of the command line.
  private static func explained(_ error: any Error) -> (ExitStatus, String)? {
    switch error {
    case let error as ProgramError: (error.status, "\(error)")
    case let error as SinkError:
      (error.kind == .brokenPipe ? .complete : .output, error.message)
    case let error as MediaError:
      (error.isTransient ? .transientFailure : .badInput, "\(error)")
    case let error as ModelFileError: (status(of: error.code), "\(error)")
    case let error as SpecificationError: (.usage, "\(error)")
    case let error as AnnotationError: (.usage, "\(error)")
    case let error as EvaluationError: (.usage, "\(error)")
    default: nil
    }
  }

  private static func status(of code: ModelFileError.Code) -> ExitStatus {
    switch code {
    case .writeFailed, .diskFull: .output
    case .invalidOption: .usage
    default: .model
    }
  }
}

/// Writes an error as one line to standard error.
func complain(_ text: String) {
  Console.standardError.writeLine("stream-detect: error: \(printable(text))")
}

/// Writes text and a line end to standard output.
///
/// - Throws: `SinkError`.
func printText(_ text: String) throws {
  let output = try OutputFile("-")
  try output.write(Array(text.utf8))
  if !text.hasSuffix("\n") { try output.write([0x0A]) }
  try output.finish()
}
