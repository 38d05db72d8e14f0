import Foundation
internal import Support

/// Where a source is, found from its spelling and the file system.
package enum Location: Equatable, Sendable {
  /// The program's own input, written `-`.
  case standardInput
  /// A regular file other than a still picture.
  case file(path: String)
  /// A regular file that is one still picture, with FFmpeg's name for its format.
  case picture(path: String, format: String)
  /// A named pipe or the like, which may block and cannot seek.
  case pipe(path: String)
  /// A camera, with FFmpeg's name for its device format.
  case device(format: String, name: String)
  /// A URL, which FFmpeg opens.
  case url(String)

  /// Parses `text` and checks that a file can be read, so common mistakes get specific errors
  /// instead of "invalid data".
  ///
  /// `interrupt` is asked whether to go on waiting for the disk.
  init(_ text: String, interrupt: Interrupt? = nil) throws(MediaError) {
    if text == "-" {
      self = .standardInput
    } else if let device = Self.device(text) {
      self = .device(format: device.format, name: device.name)
    } else if let path = FileAddress.path(of: text) {
      self = try Self.onDisk(path, source: text, interrupt)
    } else if text.contains("://") {
      self = .url(text)
    } else {
      self = try Self.onDisk(text, source: text, interrupt)
    }
  }

  /// Examines `path` with calls that can be given up: a network drive may not answer.
  private static func onDisk(
    _ path: String, source: String, _ interrupt: Interrupt?
  ) throws(MediaError) -> Location {
    let found: Result<Location, MediaError>
    do throws(GivenUpCall.Failure) {
      found = try DiskCall.run(path, until: { interrupt?.shouldStop() ?? false }) {
        do throws(MediaError) {
          return .success(try onDisk(path, source: source))
        } catch {
          return .failure(error)
        }
      }
    } catch {
      throw MediaError(givenUp: error, interrupt, source: source)
    }
    return try found.get()
  }

  private static func onDisk(_ path: String, source: String) throws(MediaError) -> Location {
    var status = stat()
    guard unsafe stat(FileName.cString(path), &status) == 0 else {
      throw MediaError(errno: errno, call: "stat", source: source)
    }
    guard unsafe access(FileName.cString(path), R_OK) == 0 else {
      throw MediaError(errno: errno, call: "access", source: source)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      // It may be a source only because it could not be listed, and this says why.
      guard let folder = unsafe opendir(FileName.cString(path)) else {
        throw MediaError(errno: errno, call: "opendir", source: source)
      }
      unsafe closedir(folder)
      throw MediaError(errno: EISDIR, call: "stat", source: source)
    case S_IFREG where status.st_size == 0:
      throw MediaError(
        .empty, source: source, message: "The file is empty.",
        remedy: "Check that the program that writes it has finished.")
    case S_IFREG:
      guard let format = pictureFormat(ofFile: path) else { return .file(path: path) }
      return .picture(path: path, format: format)
    default: return .pipe(path: path)
    }
  }

  /// The address that FFmpeg opens.
  ///
  /// Without the prefix, FFmpeg would take the part of a path before a colon for a protocol.
  var address: String {
    switch self {
    case .standardInput: "pipe:0"
    case .file(let path), .picture(let path, _), .pipe(let path): "file:" + path
    case .device(_, let name): name
    case .url(let url): url
    }
  }

  /// The path of a regular file.
  var path: String? {
    switch self {
    case .file(let path), .picture(let path, _): path
    case .standardInput, .pipe, .device, .url: nil
    }
  }

  /// What is waited for while the source is read.
  var origin: Interrupt.Origin {
    switch self {
    case .standardInput, .pipe: .pipe
    case .file(let path) where Self.isSessionDescription(path): .network
    case .file, .picture: .disk
    case .device, .url: .network
    }
  }

  /// FFmpeg's name for the format, if the location alone determines it.
  var formatName: String? {
    switch self {
    case .picture(_, let format), .device(let format, _): format
    case .standardInput, .file, .pipe, .url: nil
    }
  }

  /// The scheme of a URL in lower case, or `nil`.
  var scheme: String? {
    guard case .url(let url) = self, let end = url.firstRange(of: "://") else { return nil }
    return url[..<end.lowerBound].lowercased()
  }

  /// Whether the source keeps going even if it isn't read; `nil` if the address doesn't tell.
  var isLive: Bool? {
    switch self {
    case .device: true
    case .file(let path) where Self.isSessionDescription(path): true
    case .url: scheme.map { Self.isLive(scheme: $0) } ?? false
    case .standardInput, .file, .picture, .pipe: false
    }
  }

  /// Whether the source at `text` keeps going even if it isn't read; `nil` if only the source
  /// itself tells.
  package static func isLive(_ text: String, scheme: String?) -> Bool? {
    if device(text) != nil || scheme == nil && isSessionDescription(text) { return true }
    return scheme.map { isLive(scheme: $0) } ?? false
  }

  /// FFmpeg's format for a device, and its name there; `nil` if `text` names none.
  private static func device(_ text: String) -> (format: String, name: String)? {
    let prefix = "avfoundation:"
    if text.hasPrefix("/dev/video") { return ("v4l2", text) }
    return text.hasPrefix(prefix) ? ("avfoundation", String(text.dropFirst(prefix.count))) : nil
  }

  /// HTTP carries both, and most other schemes are those of files on a server.
  private static func isLive(scheme: String) -> Bool? {
    if liveSchemes.contains(scheme) { return true }
    return openSchemes.contains(scheme) ? nil : false
  }

  /// Whether `path` names a session description: a file that says where a live stream can be heard.
  package static func isSessionDescription(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".sdp")
  }

  /// The URL schemes of sources that keep going even if they aren't read.
  private static let liveSchemes: Set<String> = [
    "rtsp", "rtsps", "rtmp", "rtmps", "rtmpt", "rtmpe", "srt", "udp", "rtp", "rist", "tcp", "mms",
    "mmsh", "mmst",
  ]

  /// The URL schemes of sources of both kinds.
  private static let openSchemes: Set<String> = ["http", "https"]
}
