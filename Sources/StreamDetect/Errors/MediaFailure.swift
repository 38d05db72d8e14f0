internal import Media
internal import Pipeline

/// Why a picture, video or stream could not be read.
public struct MediaFailure: Hashable, Sendable, CustomStringConvertible {
  /// A stable identifier of the kind of failure; it never changes between versions.
  ///
  /// Compare it with the constants below. There are more codes than constants, such as
  /// `device_failed`; compare those by ``rawValue``.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The identifier as text, as in the JSON lines: `not_found`.
    public let rawValue: String

    /// Creates a code from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file, stream or address does not exist.
    public static let notFound = Code(MediaError.Code.notFound)
    /// The system refuses access.
    public static let permission = Code(MediaError.Code.permission)
    /// The server wants a user name and password, or others than those given.
    public static let unauthorized = Code(MediaError.Code.unauthorized)
    /// The file has no bytes.
    public static let empty = Code(MediaError.Code.empty)
    /// The bytes are not a media file, or are too damaged to read.
    public static let invalidData = Code(MediaError.Code.invalidData)
    /// It contains no video.
    public static let noVideo = Code(MediaError.Code.noVideo)
    /// This FFmpeg has no decoder for the video.
    public static let unsupportedCodec = Code(MediaError.Code.unsupportedCodec)
    /// FFmpeg cannot read this kind of still picture, or reads it wrongly.
    public static let unsupportedPicture = Code(MediaError.Code.unsupportedPicture)
    /// The video is encrypted, and there is no key for it.
    public static let encrypted = Code(MediaError.Code.encrypted)
    /// The source did not open in time.
    public static let openTimeout = Code(MediaError.Code.openTimeout)
    /// The source stopped sending.
    public static let readTimeout = Code(MediaError.Code.readTimeout)
    /// Nothing is listening at the address.
    public static let connectionRefused = Code(MediaError.Code.connectionRefused)
    /// The network or the server failed in another way.
    public static let connectionFailed = Code(MediaError.Code.connectionFailed)
    /// The address can't be understood.
    public static let invalidAddress = Code(MediaError.Code.invalidAddress)
    /// The source names something that it may not open.
    public static let notAllowed = Code(MediaError.Code.notAllowed)
    /// The system has no more memory, threads or open files for it.
    public static let outOfResources = Code(MediaError.Code.outOfResources)
    /// No address is known for the name of the host.
    public static let hostNotFound = Code(MediaError.Code.hostNotFound)
    /// Another program uses the port.
    public static let addressInUse = Code(MediaError.Code.addressInUse)
    /// The source ended early, after at least one frame.
    public static let truncated = Code(rawValue: "truncated")
    /// The source went on to its end, but parts of it that it declared never came.
    public static let gaps = Code(rawValue: "gaps")
    /// Pixels in memory have a width or a height that no picture can have.
    public static let invalidSize = Code(rawValue: "invalid_size")
    /// Pixels in memory have rows that are closer together than their length.
    public static let invalidStride = Code(rawValue: "invalid_stride")
    /// The memory ends before the last pixel.
    public static let tooFewBytes = Code(rawValue: "too_few_bytes")

    private init(_ code: MediaError.Code) { rawValue = code.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// The source, without user name, password and other secrets; `memory` for pixels in memory.
  public let source: String
  /// What happened, in a sentence.
  public let message: String
  /// What to do about it, in a sentence; empty if nothing can be done.
  public let remedy: String
  /// Whether trying again later may succeed.
  public let isTransient: Bool

  /// The source and both sentences.
  public var description: String {
    "\(source): \(message)" + (remedy.isEmpty ? "" : " \(remedy)")
  }

  init(
    _ code: Code, source: String, message: String, remedy: String, isTransient: Bool = false
  ) {
    self.code = code
    self.source = source
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  init(_ error: MediaError) {
    self.init(
      Code(rawValue: error.code.rawValue), source: error.source, message: error.message,
      remedy: error.remedy, isTransient: error.isTransient)
  }

  /// Why a source did not end well; `nil` if it did.
  init?(_ end: SourceEnd) {
    guard end.isIncomplete, let reason = end.reason else {
      return nil
    }
    self.init(
      Code(rawValue: reason.code), source: end.source, message: reason.message,
      remedy: reason.remedy, isTransient: reason.isTransient)
  }
}
