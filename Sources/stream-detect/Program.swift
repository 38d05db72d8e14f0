internal import Annotations
internal import Download
internal import ArgumentParser
internal import Backbone
internal import Batch
internal import Configuration
internal import Evaluation
internal import Layers
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import StreamDetect
internal import Support
internal import Tracking

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The program: parses the command line, runs the command and exits with its status.
@main
enum Program {
  /// Version of the program, for `--version` and the first JSON line.
  static let version = LibraryVersion.text

  static func main() {
    // Before anything is opened, which might get one of their numbers.
    StandardDescriptors.openMissing()
    // When the reader of a pipe has gone, or a file reaches the limit of its size, `write` fails
    // instead of the process being killed.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let status = run(Array(ProcessArguments.all.dropFirst()))
    leave(status)
  }

  /// Ends the process without its libraries' exit handlers, which take apart what a thread may
  /// still use: one that hashes the model, or waits for a drive that doesn't answer.
  private static func leave(_ status: ExitStatus) -> Never {
    fflush(nil)
    _exit(status.rawValue)
  }

  /// Runs the command that `arguments` ask for.
  static func run(_ arguments: [String]) -> ExitStatus {
    defer {
      // Repeated messages of FFmpeg may still be held back.
      FFmpegLog.flush()
      OutputReservation.releaseAll()
    }
    do {
      try OpenFileLimit.raise()
      try ThreadLimit.check()
      var command = try RootCommand.parseAsRoot(
        completingBareTrack(arguments, modes: trackModes(arguments)))
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
      complain("\(error). This is a bug; please report it.")
      return .internalError
    }
    complain("\(sentence(RootCommand.message(for: error))) Try 'stream-detect --help'.")
    return .usage
  }

  /// The status and the message for errors of the modules; `nil` for those of the command line.
  private static func explained(_ error: any Error) -> (ExitStatus, String)? {
    switch error {
    case let error as ProgramError: (error.status, "\(error)")
    case .options(let failure) as StreamDetectError: (.usage, "\(ProgramError(failure))")
    case .model(let failure) as StreamDetectError: (status(of: failure), "\(failure)")
    case let error as StreamDetectError: (status(of: error), "\(error)")
    case let error as SinkError:
      (ExitStatus(error), error.message)
    case let error as MediaError:
      (error.isTransient ? .transientFailure : .badInput, "\(error)")
    case let error as ModelFileError: (status(of: error.code), "\(error)")
    case let error as DownloadError: (ExitStatus(error), "\(error)")
    case let error as SpecificationError: (.usage, "\(error)")
    case let error as NetworkError: (status(of: error), "\(error)")
    case let error as AnnotationError:
      (error.isTransient ? .transientFailure : .usage, "\(error)")
    case let error as EvaluationError: (.usage, "\(error)")
    case let error as ConfigurationError:
      (error.isTransient ? .transientFailure : .usage, "\(error)")
    case let error as ZoneError: (.usage, "\(error)")
    case let error as BatchError: (.usage, "\(error)")
    default: nil
    }
  }

  private static func status(of code: ModelFileError.Code) -> ExitStatus {
    switch code {
    case .writeFailed, .diskFull: .output
    case .invalidOption: .usage
    case .noMemory, .timedOut: .transientFailure
    default: .model
    }
  }

  private static func status(of error: NetworkError) -> ExitStatus {
    switch error {
    case .instructionSet: .usage
    case .tooLarge, .notFinite: .model
    case .noMemory: .transientFailure
    }
  }

  /// The status for the library's errors that name neither an option nor a model.
  private static func status(of error: StreamDetectError) -> ExitStatus {
    switch error {
    case .media, .sources: error.isTransient ? .transientFailure : .badInput
    case .output(let failure): failure.code == .refused ? .usage : .output
    case .model(let failure): status(of: failure)
    case .options, .annotations: .usage
    }
  }

  private static func status(of failure: ModelFailure) -> ExitStatus {
    ModelFileError.Code(rawValue: failure.code.rawValue).map { status(of: $0) } ?? .model
  }
}

/// What `--track` may be: `track` has a mode more than `detect`.
private func trackModes(_ arguments: [String]) -> [String] {
  arguments.first == TrackCommand.configuration.commandName
    ? TrackCommand.Mode.allCases.map(\.rawValue) : DetectTrackOptions.Mode.allCases.map(\.rawValue)
}
