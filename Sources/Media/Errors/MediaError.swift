/// Why a source could not be opened, read, decoded or written.
///
/// `code` is for programs and never changes; `message` and `remedy` are for people.
public struct MediaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable word that other programs may key on.
  public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
  {
    /// The word itself, such as `not_found`.
    public let rawValue: String

    /// Wraps a word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Wraps a word.
    public init(stringLiteral value: String) { rawValue = value }

    /// The word itself.
    public var description: String { rawValue }
  }

  /// The stable word.
  public let code: Code
  /// The source's name, without user info and secrets.
  public let source: String
  /// One sentence that says what happened.
  public let message: String
  /// One sentence that says what to do about it.
  public let remedy: String
  /// Whether trying again later may succeed.
  public let isTransient: Bool

  /// Describes a failure; the source's name is redacted here, so that no caller can forget it.
  public init(
    _ code: Code, source: String, message: String, remedy: String, isTransient: Bool = false
  ) {
    self.code = code
    self.source = redacted(source)
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  /// The source and both sentences in one line.
  public var description: String { "\(source): \(message) \(remedy)" }
}

extension MediaError.Code {
  /// The file, stream or address does not exist.
  public static let notFound: Self = "not_found"
  /// The system or the server refuses access.
  public static let permission: Self = "permission"
  /// The server wants a user name and password, or others than those given.
  public static let unauthorized: Self = "unauthorized"
  /// A directory was given where a file is expected.
  public static let isDirectory: Self = "is_directory"
  /// The file has no bytes.
  public static let empty: Self = "empty"
  /// The bytes are not a media file, or one too damaged to open.
  public static let invalidData: Self = "invalid_data"
  /// There is no video in it: audio only, subtitles only, or a cover picture.
  public static let noVideo: Self = "no_video"
  /// This FFmpeg has no decoder for the video.
  public static let unsupportedCodec: Self = "unsupported_codec"
  /// This FFmpeg does not know the protocol or the device.
  public static let unsupportedProtocol: Self = "unsupported_protocol"
  /// The scaler does not read the frame's pixel format.
  public static let unsupportedPixelFormat: Self = "unsupported_pixel_format"
  /// An option was given that nothing consumed.
  public static let unknownOption: Self = "unknown_option"
  /// The source did not open in time.
  public static let openTimeout: Self = "open_timeout"
  /// The source fell silent.
  public static let readTimeout: Self = "read_timeout"
  /// Nothing listens at the address.
  public static let connectionRefused: Self = "connection_refused"
  /// The network or the server failed in another way.
  public static let connectionFailed: Self = "connection_failed"
  /// FFmpeg's device library, which cameras need, is not installed or cannot be loaded.
  public static let deviceLibraryMissing: Self = "device_library_missing"
  /// The device is in use, or went away.
  public static let deviceFailed: Self = "device_failed"
  /// The system could not read.
  public static let ioError: Self = "io_error"
  /// The caller cancelled.
  public static let cancelled: Self = "cancelled"
  /// FFmpeg failed in a way that has no word of its own.
  public static let failed: Self = "failed"
}
