/// Why a file could not be downloaded.
package struct DownloadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable code for the kind of failure.
  package enum Code: String, Hashable, Sendable {
    /// The address, the proxy's address or the hash can't be used.
    case invalidAddress = "invalid_address"
    /// No address is known for the name of the host.
    case hostNotFound = "host_not_found"
    /// The host can't be reached, or the connection broke.
    case connectionFailed = "connection_failed"
    /// The server sent nothing for too long.
    case timedOut = "timed_out"
    /// The server's certificate is not one that can be trusted for this host.
    case untrusted = "untrusted_certificate"
    /// This build of FFmpeg can't make connections that are safe enough.
    case unsupported = "unsupported"
    /// The server has no such file.
    case notFound = "not_found"
    /// The server refuses to give the file.
    case refused = "refused"
    /// The server has a problem of its own.
    case serverError = "server_error"
    /// The answer is not HTTP, or contradicts itself.
    case invalidAnswer = "invalid_answer"
    /// The server leads to a place that may not be followed.
    case redirected = "redirected"
    /// The file is larger than allowed.
    case tooLarge = "too_large"
    /// The connection ended before the file did.
    case cutShort = "cut_short"
    /// The file is another one than expected.
    case wrongHash = "wrong_hash"
    /// Another process downloads the same file.
    case inUse = "in_use"
    /// The file can't be written.
    case writeFailed = "write_failed"
    /// The disk is full.
    case diskFull = "disk_full"
    /// The caller cancelled.
    case cancelled = "cancelled"
  }

  package let code: Code
  /// The address without its query, which may be secret, or the path that can't be written.
  package let subject: String
  /// One sentence that says what happened.
  package let message: String
  /// One sentence that says what to do about it.
  package let remedy: String

  package init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  /// The subject and both sentences in one line.
  package var description: String { "\(subject): \(message) \(remedy)" }

  /// Whether the same download may succeed later.
  package var isTransient: Bool {
    switch code {
    case .hostNotFound, .connectionFailed, .timedOut, .serverError, .invalidAnswer, .cutShort: true
    default: false
    }
  }

  /// Whether it is worth trying again at once, from where the download stopped.
  var isWorthRetrying: Bool {
    [.connectionFailed, .timedOut, .serverError, .cutShort].contains(code)
  }

  /// The error of a run that was stopped.
  package static func cancelled(_ subject: String) -> DownloadError {
    DownloadError(
      .cancelled, subject, "The download was stopped.",
      remedy: "Run the command again to go on where it stopped.")
  }
}
