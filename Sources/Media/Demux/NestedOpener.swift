import CFFmpeg
import Foundation
internal import Support

/// Opens for FFmpeg what a source names: the playlists, segments and keys of HLS and DASH, and the
/// address itself.
///
/// Every name is checked against the ``OpenPolicy`` before anything is opened. Files are opened
/// here and read with calls that can be given up, so FFmpeg's own list of protocols never needs
/// that of files, and what a demuxer opens without asking can't reach one.
///
/// FFmpeg calls it on the thread that reads the source.
@safe
final class NestedOpener {
  let policy: OpenPolicy
  let interrupt: Interrupt
  private let stallTimeout: Double
  /// The address of the source itself.
  private let main: String
  /// The files that are open, by the addresses of their contexts.
  private var files: [UInt: FileInput] = [:]
  /// What FFmpeg would do.
  private var usual: IOOpen?
  /// When each name was opened, while the source as a whole is.
  private var openings: [String: [ContinuousClock.Instant]] = [:]
  private var openingCount = 0
  private var isOpening = true
  /// The first name that was refused.
  private(set) var refusal: Refusal?
  /// The first file that the source names and that could not be opened.
  var missingEntry: String?
  /// What came first from the address of the source itself; `nil` if that isn't open, or no web
  /// address.
  private(set) var head: [UInt8]?
  /// Why the host of the first name could not be found.
  private(set) var hostFailure: HostName.Failure?
  /// When each host was found last, so that segments don't ask for it again and again.
  private var hosts: [HostName: ContinuousClock.Instant] = [:]

  private typealias IOOpen =
    @convention(c) (
      UnsafeMutablePointer<AVFormatContext>?,
      UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>?,
      UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Int32

  /// A playlist leads to as many others as there are qualities and languages; more than this is a
  /// playlist that leads to itself in some way.
  private static let mostOpenings = 1_000
  /// A playlist is read again at most each half a second while it is waited for, and a segment's
  /// key once for each segment.
  private static let mostOpeningsInOneSecond = 4

  init(main: String, policy: OpenPolicy, interrupt: Interrupt, stallTimeout: Double) {
    self.main = main
    self.policy = policy
    self.interrupt = interrupt
    self.stallTimeout = stallTimeout
  }

  /// Makes FFmpeg ask `self`, which must outlive `context`.
  func attach(to context: UnsafeMutablePointer<AVFormatContext>) {
    unsafe usual = context.pointee.io_open
    unsafe context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    unsafe context.pointee.io_open = { context, result, address, flags, options in
      guard let context = unsafe context, let result = unsafe result,
        let address = unsafe address, let opaque = unsafe context.pointee.opaque
      else { return -EPERM }
      let opener = unsafe Unmanaged<NestedOpener>.fromOpaque(opaque).takeUnretainedValue()
      return unsafe opener.open(
        context, result, FileName.text(cString: address),
        { usual in
          unsafe usual(context, result, address, flags, options)
        }, options)
    }
    unsafe sd_set_close_input(context) { context, input in
      guard let input = unsafe input else { return 0 }
      if let opaque = unsafe context?.pointee.opaque {
        let opener = unsafe Unmanaged<NestedOpener>.fromOpaque(opaque).takeUnretainedValue()
        if opener.files.removeValue(forKey: UInt(bitPattern: input)) != nil { return 0 }
      }
      return unsafe avio_close(input)
    }
  }

  /// Notes that the source is open; what is opened from now on are its segments, one after another.
  func finishOpening() {
    isOpening = false
    openings = [:]
  }

  /// Whether what is opened is only a part of a file.
  private func hasRange(_ options: UnsafeMutablePointer<OpaquePointer?>?) -> Bool {
    unsafe options.map { unsafe av_dict_get($0.pointee, "end_offset", nil, 0) != nil } ?? false
  }

  /// Whether a playlist leads to itself.
  private func isEndless(_ address: String, isPart: Bool) -> Bool {
    openingCount += 1
    if isPart { return openingCount > Self.mostOpenings }
    let recent = openings[address, default: []].filter { $0.duration(to: .now) < .seconds(1) }
    openings[address] = recent + [.now]
    return recent.count >= Self.mostOpeningsInOneSecond || openingCount > Self.mostOpenings
  }

  private func open(
    _ context: UnsafeMutablePointer<AVFormatContext>,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>, _ address: String,
    _ openAsUsual: (IOOpen) -> Int32, _ options: UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32 {
    if interrupt.shouldStop() { return SD_AVERROR_EXIT }
    if isOpening, address != main {
      // What a playlist names may not be a playlist: it could only lead out, or back here.
      unsafe sd_set_string(&context.pointee.format_whitelist, Demuxers.besidesPlaylists)
    }
    // Segments may be parts of one file, which is then opened for each.
    let isPart = unsafe address != main && hasRange(options)
    if isOpening, isEndless(address, isPart: isPart) { return refuse(address, .endless).code }
    let place: Place
    do throws(FFmpegError) {
      place = try self.place(of: address)
    } catch {
      if isOpening, address != main, error.code == -ENOENT {
        missingEntry = missingEntry ?? redacted(address)
      }
      return error.code
    }
    switch place {
    case .network:
      guard let usual = unsafe usual else { return -EPERM }
      let code = unsafe openAsUsual(usual)
      if code >= 0, address == main, isWebAddress(main), let input = unsafe result.pointee {
        head = unsafe IOBytes(input).arrived(atMost: Opening.headSize)
      }
      return code
    case .file(let path, isEnciphered: false): return unsafe openFile(path, result)
    case .file(let path, isEnciphered: true):
      unsafe av_dict_set(options, "protocol_whitelist", "crypto,file", 0)
      return unsafe avio_open2(
        result, FileName.cString("crypto:file:" + path), AVIO_FLAG_READ,
        &context.pointee.interrupt_callback, options)
    }
  }
}

extension NestedOpener {
  /// What an address that may be opened leads to.
  enum Place {
    /// A regular file, by a path without links.
    case file(path: String, isEnciphered: Bool)
    /// Something that FFmpeg opens by itself.
    case network
  }

  /// What `address` leads to, if the policy allows it and its host or file is there.
  func place(of address: String) throws(FFmpegError) -> Place {
    var (names, rest) = protocols(of: address)
    // A cipher stands before the address that it is for.
    let isEnciphered = names.first == "crypto"
    while names.first == "crypto" {
      names.removeFirst()
      if names.isEmpty { (names, rest) = protocols(of: String(rest)) }
    }
    guard names.isEmpty || names == ["file"] else {
      if let name = names.first(where: { !policy.allowsProtocol($0) }) {
        throw refuse(address, .network(protocol: name))
      }
      do throws(HostName.Failure) {
        try findHost(of: address)
      } catch {
        hostFailure = hostFailure ?? error
        throw FFmpegError(code: error.isGivenUp ? SD_AVERROR_EXIT : -EIO, call: "getaddrinfo")
      }
      return .network
    }
    return .file(path: try resolve(String(rest), for: address), isEnciphered: isEnciphered)
  }

  /// Looks up the host of `address`, unless that was done a moment ago.
  func findHost(of address: String) throws(HostName.Failure) {
    guard let host = HostName(in: address) else { return }
    if let time = hosts[host], time.duration(to: .now) < .seconds(10) { return }
    try host.lookUp(interrupt)
    hosts[host] = .now
  }

  /// The path to open for `path`, if that is allowed.
  private func resolve(_ path: String, for address: String) throws(FFmpegError) -> String {
    if case .network = policy.origin { throw refuse(address, .localFile) }
    let found: (path: String, isRegular: Bool)?
    do throws(GivenUpCall.Failure) {
      found = try GivenUpCall.run(until: interrupt.shouldStop) {
        existingPath(waitingFor: path).map {
          ($0, (try? FileStatus(waitingFor: $0))?.kind == .file)
        }
      }
    } catch {
      throw FFmpegError(code: SD_AVERROR_EXIT, call: "realpath")
    }
    guard let found else { throw FFmpegError(code: -ENOENT, call: "realpath") }
    guard policy.allowsFile(found.path) else {
      throw refuse(address, .file(path: found.path))
    }
    guard found.isRegular else { throw refuse(address, .notRegular) }
    return found.path
  }

  private func openFile(
    _ path: String, _ result: UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>
  ) -> Int32 {
    do throws(FFmpegError) {
      let file = try FileInput(
        DiskFile(path: path, interrupt: interrupt, stallTimeout: stallTimeout))
      guard let raw = unsafe file.raw else { return -ENOMEM }
      files[UInt(bitPattern: raw)] = file
      unsafe result.pointee = raw
      return 0
    } catch {
      return error.code
    }
  }

  func refuse(_ address: String, _ reason: Refusal.Reason) -> FFmpegError {
    refusal = refusal ?? Refusal(target: redacted(address), reason: reason)
    return FFmpegError(code: -EPERM, call: "open")
  }
}
