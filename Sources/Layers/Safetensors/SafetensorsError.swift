package import Support

/// Why a file of tensors could not be read or written.
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable code for the kind of error, which programs may depend on.
  public enum Code: String, Hashable, Sendable {
    /// The file does not exist.
    case notFound = "not_found"
    /// The file exists but cannot be opened, read or mapped.
    case unreadable = "unreadable"
    /// The drive that the file is on doesn't answer.
    case timedOut = "timed_out"
    /// The path names a directory, a pipe or a device.
    case notAFile = "not_a_file"
    /// The file is empty.
    case empty = "empty"
    /// The file ends before its header or its tensors do.
    case truncated = "truncated"
    /// The header is longer than the format allows.
    case headerTooLarge = "header_too_large"
    /// The header is not the JSON that the format requires.
    case invalidHeader = "invalid_header"
    /// A name appears twice in the header.
    case duplicate = "duplicate"
    /// An unknown number format.
    case unknownType = "unknown_type"
    /// A shape that is impossible, or does not match the number of bytes.
    case invalidShape = "invalid_shape"
    /// Tensors that are outside the file, overlap or leave gaps.
    case invalidOffsets = "invalid_offsets"
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
}

extension SafetensorsError {
  /// The error for a file that could not be written.
  package init(_ failure: FileError) {
    self =
      failure.isDiskFull
      ? SafetensorsError(
        .diskFull, path: failure.path, message: "The disk is full.",
        remedy: "Free some space and try again.")
      : SafetensorsError(
        .writeFailed, path: failure.path,
        message: "The file cannot be written: \(failure.reason).",
        remedy: failure.isTooLarge
          ? "Raise the limit on the size of files (ulimit -f), or choose another place."
          : "Check that the folder exists and may be written to.")
  }
}
