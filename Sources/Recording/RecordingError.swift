package import Media
package import Support

/// Why something could not be recorded, or cut out of recordings.
package struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What happened, for programs; never changes.
  package enum Code: String, Sendable {
    /// The disk, or the part of it that recordings may take, is full.
    case noRoom = "no_room"
    /// The disk or the file failed.
    case disk = "recording_failed"
    /// A name can't be that of a camera's folder.
    case name = "invalid_name"
    /// Nothing was recorded at that time.
    case nothing = "not_recorded"
  }

  /// What happened, for programs.
  package let code: Code
  /// The file, folder or camera that it is about.
  package let subject: String
  /// One sentence that says what happened.
  package let message: String
  /// One sentence that says what to do about it.
  package let remedy: String

  /// Creates an error.
  package init(_ code: Code, _ subject: String, message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  /// All of it in one line.
  package var description: String { "\(UnsafeText.escaped(subject)): \(message) \(remedy)" }
}

extension RecordingError {
  /// The error for a failed call on a file.
  package init(_ error: FileError) {
    self.init(
      error.isDiskFull ? .noRoom : .disk, error.path,
      message: "\(error.reason) (\(error.call)).",
      remedy: error.isDiskFull ? Self.room : "Check the disk and the permissions of its folder.")
  }

  /// The error for a file that could not be written or read as media.
  package init(_ error: MediaError) {
    self.init(.disk, error.source, message: error.message, remedy: error.remedy)
  }

  /// What helps where there is no room.
  static let room = "Make room on the disk, or give recordings less of it."
}
