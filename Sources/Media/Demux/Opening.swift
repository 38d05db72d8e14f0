import CFFmpeg
import Foundation
internal import Support

/// One attempt to open a source: what is needed for it, and what is known when it fails.
struct Opening {
  let location: Location
  let source: String
  let options: InputOptions
  let interrupt: Interrupt
  let opener: NestedOpener
  /// The damage that is met, from the first byte on.
  let reports = DamageReports()
  /// Set if we read the bytes of a pipe for FFmpeg.
  private(set) var pipe: PipeInput?
  /// Set if we read the bytes of a file for FFmpeg.
  private(set) var file: FileInput?
  /// Set if the source is a file that names others.
  private(set) var playlist: PlaylistFile?
  /// Whether it is known to be an HLS playlist: later FFmpegs go by the name, which isn't enough.
  private(set) var isHLS = false

  /// How many of the first bytes are kept, or read again if it can't be opened: enough for the
  /// index of a fragmented MP4.
  static let headSize = 16 << 10

  init(
    _ location: Location, source: String, options: InputOptions, interrupt: Interrupt
  ) throws(MediaError) {
    self.location = location
    self.source = source
    self.options = options
    self.interrupt = interrupt
    opener = NestedOpener(
      main: location.address, policy: try Self.policy(location, source, options, interrupt),
      interrupt: interrupt, stallTimeout: options.readTimeout)
    switch location {
    case .standardInput:
      pipe = try PipeInput(path: nil, interrupt: interrupt, source: source)
    case .pipe(let path):
      pipe = try PipeInput(path: path, interrupt: interrupt, source: source)
    case .file(let path), .picture(let path, _): try openFile(path)
    case .url(let url):
      try rejectBrokenUserInfo(url)
      do throws(HostName.Failure) {
        try opener.findHost(of: url)
      } catch {
        throw interrupt.stopReason(.opening, source: source)
          ?? MediaError(error, source: source)
      }
    case .device: break
    }
    isHLS = playlist?.kind == .hls || pipe?.begins(with: PlaylistFile.hlsMark) == true
  }

  private mutating func openFile(_ path: String) throws(MediaError) {
    do throws(FFmpegError) {
      let disk = try DiskFile(
        path: path, interrupt: interrupt, stallTimeout: options.readTimeout)
      playlist = try opener.checkedPlaylist(disk, at: path)
      file = try FileInput(disk)
    } catch {
      throw failure(error)
    }
  }

  /// What we read for FFmpeg; `nil` if it opens the source.
  var input: UnsafeMutablePointer<AVIOContext>? {
    if let pipe { return unsafe pipe.raw }
    return unsafe file?.raw
  }

  private func rejectBrokenUserInfo(_ url: String) throws(MediaError) {
    guard LocationParts(url)?.hasBrokenUserInfo == true else { return }
    throw MediaError(
      .invalidAddress, source: source,
      message:
        "The user name or the password has a \"#\", \"/\" or \"?\", which ends the host name.",
      remedy: "Write %23 for \"#\", %2F for \"/\" and %3F for \"?\".")
  }
}

extension Opening {
  /// What the source may open besides itself.
  private static func policy(
    _ location: Location, _ source: String, _ options: InputOptions, _ interrupt: Interrupt
  ) throws(MediaError) -> OpenPolicy {
    // Protocols given to FFmpeg count as allowed; files only by a path.
    let listed = options.demuxerOptions.filter { $0.key == "protocol_whitelist" }
      .flatMap { $0.value.split(separator: ",").map(String.init) }.filter { $0 != "file" }
    let allowed = options.allowed + listed
    switch location {
    case .standardInput, .pipe: return OpenPolicy(origin: .pipe, allowed: allowed)
    case .device: return OpenPolicy(origin: .device, allowed: allowed)
    case .url:
      let scheme = location.scheme ?? ""
      return OpenPolicy(
        origin: .network(isHTTP: ["http", "https"].contains(scheme)),
        allowed: allowed + (OpenPolicy.isKnown(scheme) ? [] : [scheme]))
    case .file(let path), .picture(let path, _):
      let folder = PathText.folder(above: path)
      do throws(GivenUpCall.Failure) {
        return try GivenUpCall.run(until: interrupt.shouldStop) {
          let place = existingPath(waitingFor: folder) ?? folder
          let origin: OpenPolicy.Origin =
            Location.isSessionDescription(path)
            ? .sessionDescription(folder: place) : .file(folder: place)
          return OpenPolicy(origin: origin, allowed: allowed).resolved(existingPath(waitingFor:))
        }
      } catch {
        throw MediaError(givenUp: error, interrupt, source: source)
      }
    }
  }

  /// FFmpeg's options for the source.
  func dictionary() -> OptionDictionary {
    var dictionary = OptionDictionary()
    if let scheme = location.scheme, scheme.hasPrefix("rtsp") {
      dictionary.set("rtsp_transport", options.rtspTransport.rawValue)
    }
    // A connection that serves one segment after another would hide which of them broke off.
    if let scheme = location.scheme, scheme.hasPrefix("http") {
      dictionary.set("http_persistent", "0")
    }
    // By itself, it takes "%" in a name for a pattern.
    if location.formatName == "image2" { dictionary.set("pattern_type", "none") }
    if case .device = location {
    } else {
      let protocols = opener.policy.protocolList
      switch playlist?.kind {
      case .list:
        // Its files have been checked, and FFmpeg opens them without asking.
        dictionary.set("safe", "0")
        dictionary.set("format_whitelist", Demuxers.besidesPlaylists + ",concat")
        dictionary.set("protocol_whitelist", (protocols ?? "") + ",file")
      case .presentation:
        dictionary.set("format_whitelist", Demuxers.all)
        dictionary.set("protocol_whitelist", (protocols ?? "") + ",file")
      case .hls, nil:
        dictionary.set("format_whitelist", Demuxers.all)
        if let protocols { dictionary.set("protocol_whitelist", protocols) }
      }
      if isHLS {
        // FFmpeg's rule for who may open what by its name; ours is the folder.
        dictionary.set("allowed_extensions", "ALL")
        dictionary.set("extension_picky", "0")
      }
      if let playlist, playlist.kind == .hls {
        // From the first segment on, also if the end mark is missing: a file is read as a whole.
        dictionary.set("live_start_index", "0")
        // What waits for the end mark ends there, instead of an hour later; FFmpeg looks again each
        // half of a segment.
        let interval = max(playlist.targetDuration ?? 2, 0.2) / 2
        let times = options.readTimeout > 0 ? max(1, options.readTimeout / interval) : 1e9
        dictionary.set("max_reload", "\(Int(min(times, 1e9)))")
        dictionary.set("m3u8_hold_counters", "\(Int(min(times, 1e9)) + 2)")
      }
    }
    for option in options.demuxerOptions { dictionary.set(option.key, option.value) }
    return dictionary
  }

  /// The error for a source that is no media, none without a key, or none that can be read from
  /// there.
  var foreignFormat: MediaError? {
    guard let head else { return nil }
    if head.isEmpty, location.path == nil {
      return MediaError(
        .empty, source: source,
        message: pipe == nil ? "The server's answer has no content." : "Nothing came through it.",
        remedy: pipe == nil
          ? "Check the path in the address, or try again later."
          : "Check the program that writes into it.",
        isTransient: pipe == nil)
    }
    // FFmpeg 7.1 takes the fragments of some encrypted files for damaged.
    if let scheme = encryptionScheme(head) { return .encrypted(scheme, source: source) }
    return ForeignFormat(head, isPipe: pipe != nil)?.error(source: source)
  }

  /// The scheme by which the video of an MP4 is encrypted, if there is no key for it.
  private func encryptionScheme(_ head: [UInt8]) -> String? {
    guard !options.hasDecryptionKey else { return nil }
    guard let path = location.path else { return Encryption.scheme(ofTracks: "vide", in: head) }
    return ByteFile(path: path, interrupt: interrupt)
      .flatMap { Encryption.scheme(ofTracks: "vide", in: $0) }
  }

  /// The first bytes of the source; `nil` if they aren't known.
  private var head: [UInt8]? {
    if let pipe { return pipe.head }
    if let path = location.path {
      return ByteFile(path: path, interrupt: interrupt)?.bytes(at: 0, count: Self.headSize)
    }
    return opener.head
  }

  /// The error for what a web server did of which FFmpeg has a code, and no message.
  private func answerFailure(_ error: FFmpegError) -> MediaError? {
    guard isWebAddress(location.address), opener.head == nil else { return nil }
    let (message, remedy): (String, String)
    switch error.code {
    case -EIO:
      message = "The server redirects it in a circle, or too often."
      remedy = "Open the address in a browser, and give the one that it ends at."
    case -EINVAL:
      message = "The server redirects it to what is no web address."
      remedy = "Give what it leads to as a source of its own."
    case SD_AVERROR_EOF:
      message = "The server closed the connection without an answer."
      remedy = "Check the port in the address, or try again later."
    default: return nil
    }
    return MediaError(
      .connectionFailed, source: source, message: message, remedy: remedy,
      isTransient: error.code == SD_AVERROR_EOF)
  }

  /// The error for a failed call, from all that is known.
  func failure(_ error: FFmpegError, format: String = "") -> MediaError {
    let stop = interrupt.stopReason(.opening, source: source, origin: location.origin)
    if let stop { return stop }
    let messages = FFmpegLog.endRecording()
    if let refusal = opener.refusal { return MediaError(refusal, source: source) }
    if let failure = opener.hostFailure { return MediaError(failure, source: source) }
    if messages.isEmpty, let failure = answerFailure(error) { return failure }
    let origin: MediaError.Origin =
      location.path == nil ? .other : .file(failure: file?.failure ?? 0)
    let failure = MediaError(error, messages: messages, origin: origin, source: source)
    if failure.code == .invalidData, let other = foreignFormat { return other }
    let isMissing = playlist != nil && failure.code == .notFound
    guard isMissing || opener.missingEntry != nil && !isHLS else { return failure }
    // FFmpeg opens what a presentation names without telling which.
    let entry = opener.missingEntry.map { "\"\($0)\"" } ?? "another file"
    return MediaError(
      failure.code, source: source, message: "It names \(entry): \(failure.message)",
      remedy: failure.remedy, isTransient: failure.isTransient)
  }
}
