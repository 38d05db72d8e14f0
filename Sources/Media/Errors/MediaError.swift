/// Why a source could not be opened, read, decoded or written.
///
/// `code` is for programs and never changes; `message` and `remedy` are for people.
public struct MediaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable identifier that other programs can rely on.
  public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
  {
    /// The identifier as text, such as `not_found`.
    public let rawValue: String

    /// Creates a code from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Creates a code from its text.
    public init(stringLiteral value: String) { rawValue = value }

    /// The identifier as text.
    public var description: String { rawValue }
  }

  /// The kind of failure, for programs.
  public let code: Code
  /// The location of the source, without user info and secrets.
  public let source: String
  /// One sentence that says what happened.
  public let message: String
  /// One sentence that says what to do about it.
  public let remedy: String
  /// Whether trying again later may succeed.
  public let isTransient: Bool

  /// Creates an error; redacts `source`, so that no caller can forget to.
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
  /// The server requires a user name and password, or rejected those given.
  public static let unauthorized: Self = "unauthorized"
  /// A directory was given where a file is expected.
  public static let isDirectory: Self = "is_directory"
  /// The file is empty.
  public static let empty: Self = "empty"
  /// The file isn't a media file, or is too damaged to open.
  public static let invalidData: Self = "invalid_data"
  /// The source has no video, only audio, subtitles or a cover picture.
  public static let noVideo: Self = "no_video"
  /// This FFmpeg has no decoder for the video.
  public static let unsupportedCodec: Self = "unsupported_codec"
  /// This FFmpeg does not support the protocol or the device.
  public static let unsupportedProtocol: Self = "unsupported_protocol"
  /// libswscale does not support the frame's pixel format.
  public static let unsupportedPixelFormat: Self = "unsupported_pixel_format"
  /// Its pictures have more pixels than are decoded.
  public static let tooManyPixels: Self = "too_many_pixels"
  /// An option was given that FFmpeg doesn't use.
  public static let unknownOption: Self = "unknown_option"
  /// The address can't be understood.
  public static let invalidAddress: Self = "invalid_address"
  /// The source names something that it may not open.
  public static let notAllowed: Self = "not_allowed"
  /// The system has no more memory, threads or open files for it.
  public static let outOfResources: Self = "out_of_resources"
  /// No address is known for the name of the host.
  public static let hostNotFound: Self = "host_not_found"
  /// Another program uses the port.
  public static let addressInUse: Self = "address_in_use"
  /// The source did not open in time.
  public static let openTimeout: Self = "open_timeout"
  /// The source sent no data in time.
  public static let readTimeout: Self = "read_timeout"
  /// Nothing is listening at the address.
  public static let connectionRefused: Self = "connection_refused"
  /// The network or the server failed in another way.
  public static let connectionFailed: Self = "connection_failed"
  /// FFmpeg's device library, which cameras need, is not installed or cannot be loaded.
  public static let deviceLibraryMissing: Self = "device_library_missing"
  /// The device is in use or not connected.
  public static let deviceFailed: Self = "device_failed"
  /// Reading failed.
  public static let ioError: Self = "io_error"
  /// The caller cancelled.
  public static let cancelled: Self = "cancelled"
  /// FFmpeg failed with an error that has no code here.
  public static let failed: Self = "failed"
}
