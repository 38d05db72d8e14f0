package import Layers

/// Why a model could not be read, imported, found or written.
public struct ModelFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable code for the kind of error, which programs may depend on.
  public enum Code: String, Hashable, Sendable {
    /// The file or model does not exist.
    case notFound = "not_found"
    /// The file exists but cannot be read.
    case unreadable = "unreadable"
    /// The drive that the file is on doesn't answer.
    case timedOut = "timed_out"
    /// The file's bytes contradict each other or end too early.
    case damaged = "damaged"
    /// The kind of file is not supported.
    case unsupportedFormat = "unsupported_format"
    /// Tensors without the description that makes them a model.
    case notAModel = "not_a_model"
    /// A model file of a newer format.
    case unsupportedVersion = "unsupported_version"
    /// The description is not JSON, lacks something or has invalid values.
    case invalidDescription = "invalid_description"
    /// A tensor that the network needs is missing.
    case missingTensor = "missing_tensor"
    /// A tensor that the network does not have.
    case unknownTensor = "unknown_tensor"
    /// A tensor of another shape than the network's.
    case wrongShape = "wrong_shape"
    /// A tensor has a value that is not finite.
    case notFinite = "not_finite"
    /// A pickle that asks for something other than tensors.
    case unsafePickle = "unsafe_pickle"
    /// A layer is unknown or not supported.
    case unknownLayer = "unknown_layer"
    /// An option is wrong or missing.
    case invalidOption = "invalid_option"
    /// The file asks for more memory or time than is allowed.
    case tooLarge = "too_large"
    /// The system has too little memory for the model.
    case noMemory = "no_memory"
    /// The file could not be written.
    case writeFailed = "write_failed"
    /// The file could not be written because the disk is full.
    case diskFull = "disk_full"
  }

  /// The kind of error.
  public let code: Code
  /// The file, as the caller named it.
  public let path: String
  /// One sentence that says what is wrong.
  public let message: String
  /// One sentence that says what to do.
  public let remedy: String

  /// Creates an error about the file at `path`.
  public init(_ code: Code, path: String, message: String, remedy: String) {
    self.code = code
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  /// The file, what is wrong with it, and the remedy.
  public var description: String { "\(path): \(message) \(remedy)" }

  /// Converts an error about a file of tensors.
  package init(_ error: SafetensorsError) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .unreadable, .notAFile: .unreadable
      case .timedOut: .timedOut
      case .writeFailed: .writeFailed
      case .diskFull: .diskFull
      default: .damaged
      }
    self.init(code, path: error.path, message: error.message, remedy: error.remedy)
  }
}

/// Runs `body` and converts the error that it throws.
package func converting<Result>(
  _ body: () throws(SafetensorsError) -> Result
) throws(ModelFileError) -> Result {
  do throws(SafetensorsError) {
    return try body()
  } catch {
    throw ModelFileError(error)
  }
}
