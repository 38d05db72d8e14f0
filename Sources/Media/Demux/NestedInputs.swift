import CFFmpeg
import Support

/// What became of the segments that a playlist names.
///
/// FFmpeg passes over a segment that can't be opened, and over the rest of one that breaks off, as
/// if it weren't there.
@safe
final class NestedInputs: @unchecked Sendable {
  // Sendable because FFmpeg calls it on the thread that reads the source, which also asks it.

  /// A segment of which something is missing.
  struct Failure: Equatable {
    /// The address without secrets.
    var address: String
    /// What FFmpeg returned; 0 for a segment without a byte.
    var code: Int32
  }

  private(set) var failures: [Failure] = []
  /// How many segments failed; FFmpeg tries some of them several times.
  private(set) var count = 0
  /// Whether nothing came after the last failure.
  private(set) var endsInFailure = false
  private var addresses: [UInt: String] = [:]
  fileprivate var usual: SDOpenInput?
  fileprivate var usualClose: SDCloseInput?

  private static let mostFailures = 100

  /// Forgets what failed while the source was opened: that may concern qualities that aren't read.
  func forget() {
    failures = []
    count = 0
    endsInFailure = false
  }

  fileprivate func opened(_ input: UInt, _ address: String) {
    addresses[input] = address
    if !Self.isPlaylist(address) { endsInFailure = false }
  }

  fileprivate func failed(_ address: String, _ code: Int32) {
    guard code != SD_AVERROR_EXIT, !Self.isPlaylist(address) else { return }
    endsInFailure = true
    let place = redacted(address)
    guard !failures.contains(where: { $0.address == place }) else { return }
    count += 1
    if failures.count < Self.mostFailures {
      failures.append(Failure(address: place, code: code))
    }
  }

  fileprivate func closed(_ input: UnsafeMutablePointer<AVIOContext>) {
    guard let address = addresses.removeValue(forKey: UInt(bitPattern: input)) else { return }
    let error = unsafe input.pointee.error
    if error < 0, error != SD_AVERROR_EOF {
      failed(address, error)
    } else if unsafe avio_size(input) == 0 {
      failed(address, 0)
    }
  }

  /// A playlist is read again and again; one that fails to come now may come later.
  private static func isPlaylist(_ address: String) -> Bool {
    let path = address.split(whereSeparator: { "?#".contains($0) }).first ?? ""
    return [".m3u8", ".m3u"].contains { path.lowercased().hasSuffix($0) }
  }
}

extension NestedInputs {
  /// What is missing of the source because of failed segments.
  var missingPart: Shortfall? {
    guard let first = failures.first else { return nil }
    let reason =
      first.code == 0
      ? "it is empty" : FFmpegError(code: first.code, call: "avio_open").reason
    let others = count > 1 ? ", and \(count - 1) more are missing" : ""
    let isTransient = failures.contains { failure in
      failure.code != 0 && failure.address.contains("://")
        && !failure.address.hasPrefix("file:")
        && MediaError(FFmpegError(code: failure.code, call: ""), source: "").isTransient
    }
    return Shortfall(
      endsInFailure ? .truncated : .gaps,
      "Its segment \(first.address) could not be read: \(reason)\(others).",
      isTransient: isTransient)
  }

  private static let all = Locked<[UInt: NestedInputs]>([:])

  /// Watches what FFmpeg opens for `context`, until `detach(from:)`.
  static func attach(to context: UnsafeMutablePointer<AVFormatContext>) -> NestedInputs {
    let inputs = NestedInputs()
    unsafe inputs.usual = context.pointee.io_open
    unsafe inputs.usualClose = sd_close_input(context)
    all.withLock { $0[UInt(bitPattern: context)] = inputs }
    unsafe context.pointee.io_open = { context, result, address, flags, options in
      guard let context = unsafe context, let inputs = unsafe NestedInputs.of(context),
        let usual = unsafe inputs.usual
      else { return SD_AVERROR_BUG }
      let code = unsafe usual(context, result, address, flags, options)
      let name = unsafe address.map { unsafe FileName.text(cString: $0) } ?? ""
      if code < 0 {
        inputs.failed(name, code)
      } else if let input = unsafe result?.pointee {
        inputs.opened(UInt(bitPattern: input), name)
      }
      return code
    }
    unsafe sd_set_close_input(context) { context, input in
      guard let context = unsafe context, let inputs = unsafe NestedInputs.of(context),
        let usual = unsafe inputs.usualClose
      else { return unsafe avio_close(input) }
      if let input = unsafe input { unsafe inputs.closed(input) }
      return unsafe usual(context, input)
    }
    return inputs
  }

  /// What was seen of `context`; `nil` if it isn't watched.
  static func of(_ context: UnsafeMutablePointer<AVFormatContext>) -> NestedInputs? {
    all.withLock { $0[UInt(bitPattern: context)] }
  }

  /// Ends the watching of a context that is gone; another may have its address already.
  func detach(from context: UnsafeMutablePointer<AVFormatContext>) {
    let key = UInt(bitPattern: context)
    Self.all.withLock { if $0[key] === self { $0[key] = nil } }
  }
}

private typealias SDOpenInput =
  @convention(c) (
    UnsafeMutablePointer<AVFormatContext>?,
    UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>?,
    UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32

private typealias SDCloseInput =
  @convention(c) (UnsafeMutablePointer<AVFormatContext>?, UnsafeMutablePointer<AVIOContext>?)
  -> Int32
