import CFFmpeg
import Foundation

/// What a source may open besides itself, as playlists do.
///
/// A playlist may come from an untrusted source, also under the name `x.mp4`. A local one may name
/// files in its own folder and below. A remote one may name what is on the network, and never a
/// local file. Data from a pipe may name nothing. More has to be allowed by the name of a protocol
/// or by a path; paths are never allowed to remote sources.
struct OpenPolicy {
  /// Where a source is, as far as it matters for what it may open.
  enum Origin: Equatable {
    /// A file; `folder` is its folder, without links.
    case file(folder: String)
    /// A session description that the user named as such: it names ports to listen at.
    case sessionDescription(folder: String)
    /// Data without a place.
    case pipe
    /// An address; `isHTTP` where FFmpeg's own list of what HTTP may lead to applies.
    case network(isHTTP: Bool)
    case device
  }

  let origin: Origin
  /// Protocols that are allowed in addition.
  private let protocols: Set<String>
  /// Files, and folders with all in them, that local sources may name in addition; without links.
  private let paths: [String]

  init(origin: Origin, allowed: [String]) {
    self.origin = origin
    protocols = Set(allowed.filter { !Self.isPath($0) }.flatMap(Self.withItsNeeds))
    paths = allowed.filter(Self.isPath)
  }

  /// Whether something that is allowed is a path, as opposed to the name of a protocol.
  static func isPath(_ text: String) -> Bool { text.contains("/") || text.hasPrefix(".") }

  /// A copy whose paths have no links; they are looked up, which may block.
  func resolved(_ resolve: (String) -> String?) -> OpenPolicy {
    OpenPolicy(
      origin: origin, protocols: protocols, paths: paths.compactMap { resolve($0) })
  }

  private init(origin: Origin, protocols: Set<String>, paths: [String]) {
    self.origin = origin
    self.protocols = protocols
    self.paths = paths
  }

  /// Whether the file at `path`, which has no links in it, may be opened.
  func allowsFile(_ path: String) -> Bool {
    switch origin {
    case .file(let folder), .sessionDescription(let folder):
      Self.contains(folder, path) || paths.contains { Self.contains($0, path) }
    case .pipe: paths.contains { Self.contains($0, path) }
    case .network, .device: false
    }
  }

  /// Whether a protocol other than that of files may be used.
  func allowsProtocol(_ name: String) -> Bool {
    if Self.inlineProtocols.contains(name) || protocols.contains(name) { return true }
    switch origin {
    case .network: return Self.networkProtocols.contains(name)
    case .sessionDescription: return Self.sessionProtocols.contains(name)
    case .file, .pipe, .device: return false
    }
  }

  /// FFmpeg's list of protocols for what it opens without asking; `nil` leaves its own.
  ///
  /// It never has that of files: whatever opens one has to ask first.
  var protocolList: String? {
    let names: Set<String>
    switch origin {
    case .network(isHTTP: true) where protocols.isEmpty: return nil
    case .network: names = Self.networkProtocols
    case .sessionDescription: names = Self.sessionProtocols
    case .file, .pipe: names = []
    case .device: return nil
    }
    return names.union(Self.inlineProtocols).union(protocols).sorted().joined(separator: ",")
  }

  /// Whether a protocol is among those that FFmpeg has here or that some FFmpeg has.
  static func exists(_ name: String) -> Bool {
    let name = name.lowercased()
    if isKnown(name) || inlineProtocols.contains(name) { return true }
    var place: UnsafeMutableRawPointer?
    while let found = unsafe avio_enum_protocols(&place, 0) {
      if unsafe String(cString: found) == name { return true }
    }
    return false
  }

  /// Whether a protocol is among those that any remote source may use.
  static func isKnown(_ name: String) -> Bool { networkProtocols.contains(name) }

  private static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.utf8.starts(with: (folder == "/" ? folder : folder + "/").utf8)
  }

  /// Protocols that reach nothing: data in the address itself, and deciphering of another one.
  private static let inlineProtocols: Set<String> = ["crypto", "data"]
  /// What RTP sessions are made of.
  private static let sessionProtocols: Set<String> = ["rtp", "srtp", "udp", "udplite"]
  private static let networkProtocols: Set<String> = [
    "dtls", "ffrtmpcrypt", "ffrtmphttp", "ftp", "gopher", "gophers", "http", "httpproxy", "https",
    "mmsh", "mmst", "rist", "rtmp", "rtmpe", "rtmps", "rtmpt", "rtmpte", "rtmpts", "rtp", "rtsp",
    "rtsps", "sctp", "sftp", "srt", "srtp", "tcp", "tls", "udp", "udplite",
  ]

  /// A protocol, and those that it uses itself.
  private static func withItsNeeds(_ name: String) -> [String] {
    let name = name.lowercased()
    let tls = ["https", "rtmps", "rtmpts", "rtsps", "gophers"].contains(name) ? ["tls"] : []
    return switch name {
    case "http", "https", "mmsh": [name, "tcp", "httpproxy", "http"] + tls
    case "rtsp", "rtsps": [name, "tcp", "udp", "rtp", "srtp"] + tls
    case "rtp", "srtp": [name, "udp", "rtp"]
    case _ where name.hasPrefix("rtmp"): [name, "tcp", "ffrtmphttp", "ffrtmpcrypt", "http"] + tls
    default: [name, "tcp"] + tls
    }
  }
}

/// What a source tried to open and must not.
struct Refusal: Equatable {
  /// The address or path, secrets removed.
  let target: String
  let reason: Reason

  enum Reason: Equatable {
    /// A file outside the source's folder, or one that a source without a folder named.
    case file(path: String)
    /// In a presentation: a name that isn't below its folder.
    case leadingOut
    /// A protocol that isn't allowed.
    case network(protocol: String)
    /// A local file, named by a remote source.
    case localFile
    /// A folder, a pipe or a device.
    case notRegular
    /// Itself, or so many playlists that they can only lead to each other.
    case endless
    /// In a list of files: another list, or a playlist.
    case list
    /// In a list of files: a directive that changes how they are opened.
    case options
    /// In a presentation: segments that are ranges of bytes of one file.
    case ranges
    /// A list of files that is too long.
    case tooLong
    /// A folder whose files can't be listed, so that there may be links among them.
    case unreadableFolder
  }
}
