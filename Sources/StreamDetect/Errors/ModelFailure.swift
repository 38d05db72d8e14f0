internal import Layers
internal import Models

/// Why a model could not be opened, imported, changed or used.
public struct ModelFailure: Hashable, Sendable, CustomStringConvertible {
  /// A stable identifier of the kind of failure; it never changes between versions.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The identifier as text, such as `not_found`.
    public let rawValue: String

    /// Creates a code from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// There is no such file or model.
    public static let notFound = Code(.notFound)
    /// The file exists but cannot be read.
    public static let unreadable = Code(.unreadable)
    /// The drive that the file is on doesn't answer.
    public static let timedOut = Code(.timedOut)
    /// The file's bytes contradict each other or end too early.
    public static let damaged = Code(.damaged)
    /// The file is of a kind that cannot be imported.
    public static let unsupportedFormat = Code(.unsupportedFormat)
    /// The file holds weights that have to be imported first.
    public static let notAModel = Code(.notAModel)
    /// The file was written by a newer version of the library.
    public static let unsupportedVersion = Code(.unsupportedVersion)
    /// The model cannot do what was asked: a classifier finds no boxes, and only a calibrated model
    /// runs in 8-bit integers.
    public static let unsuitable = Code(.invalidOption)
    /// The model asks for more memory or time than is allowed.
    public static let tooLarge = Code(.tooLarge)
    /// The system has too little memory for the model.
    public static let noMemory = Code(.noMemory)
    /// The file could not be written.
    public static let writeFailed = Code(.writeFailed)
    /// The file could not be written because the disk is full.
    public static let diskFull = Code(.diskFull)

    private init(_ code: ModelFileError.Code) { rawValue = code.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// The file.
  public let path: String
  /// What is wrong, in a sentence.
  public let message: String
  /// What to do about it, in a sentence.
  public let remedy: String

  /// The file and both sentences.
  public var description: String {
    [path.isEmpty ? "" : "\(path):", message, remedy].filter { !$0.isEmpty }
      .joined(separator: " ")
  }

  init(_ error: ModelFileError) {
    code = Code(rawValue: error.code.rawValue)
    path = error.path
    message = error.message
    remedy = error.remedy
  }

  init(_ code: Code, path: String, message: String, remedy: String = "") {
    self.code = code
    self.path = path
    self.message = message
    self.remedy = remedy
  }
}

extension StreamDetectError {
  /// The error of a call that opens, builds or writes a model.
  init(model error: any Error, path: String) {
    self =
      switch error {
      case let error as StreamDetectError: error
      case let error as ModelFileError: .model(ModelFailure(error))
      case let error as NetworkError: .init(error, path: path)
      default: .model(ModelFailure(.damaged, path: path, message: "\(error)"))
      }
  }
}

extension StreamDetectError {
  private init(_ error: NetworkError, path: String) {
    self =
      switch error {
      case .instructionSet:
        .options(
          OptionFailure("STREAM_DETECT_ISA", message: error.message, remedy: error.remedy))
      case .notFinite:
        .model(ModelFailure(.damaged, path: path, message: error.message, remedy: error.remedy))
      case .tooLarge:
        .model(ModelFailure(.tooLarge, path: path, message: error.message, remedy: error.remedy))
      case .noMemory:
        .model(ModelFailure(.noMemory, path: path, message: error.message, remedy: error.remedy))
      }
  }
}

/// Runs `body` and turns what it throws into the library's error.
func modelErrors<Result>(
  of path: String, _ body: () throws -> Result
) throws(StreamDetectError) -> Result {
  do {
    return try body()
  } catch {
    throw StreamDetectError(model: error, path: path)
  }
}
