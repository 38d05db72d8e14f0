import CFFmpeg
import Foundation
import Support

/// An open source from which packets can be read.
///
/// Wraps `AVFormatContext`.
@safe
final class FormatContext: @unchecked Sendable {
  // Sendable because one thread at a time reads; of a live source that is a thread of its own, and
  // other threads use no more than what was found when it was opened.
  let raw: UnsafeMutablePointer<AVFormatContext>
  let source: String
  let interrupt: Interrupt
  /// Set if we read the bytes of a pipe for FFmpeg; must outlive `raw`.
  let pipe: PipeInput?
  /// Set if we read the bytes of a file for FFmpeg; must outlive `raw`.
  let file: FileInput?
  /// Opens what the source names; must outlive `raw`.
  let opener: NestedOpener
  /// What kind of source it is.
  let kind: SourceKind
  let playlist: PlaylistFile?
  /// Where reading stood when the container's header had been read.
  let headerEnd: Int64
  private let origin: Interrupt.Origin
  /// Whether neither the address nor the user tells what kind of source it is.
  let hasOpenKind: Bool
  private let readTimeout: Double
  let stallTimeout: Double
  /// The damage that is met.
  let reports: DamageReports
  /// What a HEIF or AVIF file says about its picture.
  private(set) var picture: HEIFPicture?

  private init(_ context: UnsafeMutablePointer<AVFormatContext>, _ opening: Opening) {
    unsafe raw = context
    source = opening.source
    interrupt = opening.interrupt
    pipe = opening.pipe
    file = opening.file
    opener = opening.opener
    reports = opening.reports
    playlist = opening.playlist
    origin = opening.location.origin
    headerEnd = unsafe context.pointee.pb.map { unsafe avio_seek($0, 0, SEEK_CUR) } ?? 0
    hasOpenKind = opening.options.isLive == nil && opening.location.isLive == nil
    kind = unsafe SourceKind(
      of: opening.location, opened: context, isLive: opening.options.isLive)
    stallTimeout = opening.options.readTimeout
    // The bytes of a file have their own deadline, call by call: reading on to the next packet may
    // take long where there is much else in between. What waits for more to come has one here.
    let format = unsafe context.pointee.iformat?.pointee.name.map { unsafe String(cString: $0) }
    let waits = ["hls", "dash", "sdp"].contains { format?.hasPrefix($0) == true }
    let timeout = opening.location.path == nil || waits ? opening.options.readTimeout : 0
    // A playlist ends by itself at about that time, with all of its frames.
    readTimeout = timeout > 0 && playlist?.kind == .hls ? timeout + 10 : timeout
  }

  /// Opens `location` and probes its streams, within `options.openTimeout`.
  static func open(
    _ location: Location, source: String, options: InputOptions, interrupt: Interrupt
  ) throws(MediaError) -> FormatContext {
    // Finding the location may have taken some of the time.
    if !interrupt.isArmed { interrupt.arm(seconds: options.openTimeout) }
    FFmpegLog.beginRecording()
    defer { _ = FFmpegLog.endRecording() }
    let opening = try Opening(location, source: source, options: options, interrupt: interrupt)
    try refusePicture(opening)
    opening.reports.beginListening()
    defer { opening.reports.endListening() }
    let context = try opened(opening)
    // In a header it is no picture that is skipped.
    _ = opening.reports.takeSkipped()
    try context.rejectTextArt(opening)
    if context.kind == .live {
      unsafe LiveProbing.limit(context.raw)
      if context.hasMadeUpStamps { unsafe LiveProbing.trustNoStamps(context.raw) }
    }
    context.picture = context.readPicture(location)
    try context.findStreams(opening)
    try context.refuseSize(FFmpegLog.endRecording(), PixelLimit(options.maxPixels))
    try context.refuseStreams(location, options)
    opening.opener.finishOpening()
    if unsafe context.raw.pointee.nb_programs > 1 {
      unsafe NestedInputs.of(context.raw)?.forget()
    }
    return context
  }

  private static func opened(_ opening: Opening) throws(MediaError) -> FormatContext {
    let (location, source) = (opening.location, opening.source)
    // FFmpeg 7.1 of Debian 13 knows playlists by their suffix only.
    let format = try unsafe format(named: opening.isHLS ? "hls" : location.formatName, opening)
    var dictionary = opening.dictionary()
    let allocated = unsafe try allocated(
      avformat_alloc_context(), "avformat_alloc_context", source: source)
    unsafe allocated.pointee.interrupt_callback = opening.interrupt.callback
    unsafe opening.opener.attach(to: allocated)
    if let input = unsafe opening.input { unsafe allocated.pointee.pb = input }
    // A blocking read from a device can't be interrupted; a non-blocking one returns EAGAIN.
    if case .device = location { unsafe allocated.pointee.flags |= AVFMT_FLAG_NONBLOCK }
    if opening.options.isLive ?? location.isLive == true { unsafe LiveProbing.limit(allocated) }
    let inputs = unsafe NestedInputs.attach(to: allocated)
    var opened = unsafe Optional(allocated)
    let result = unsafe dictionary.withRaw {
      unsafe sd_open_input(&opened, FileName.cString(location.address), format, $0)
    }
    guard result >= 0, let opened = unsafe opened else {
      // FFmpeg has already freed the context.
      unsafe inputs.detach(from: allocated)
      if result == SD_AVERROR_INVALIDDATA, let error = unreadHEIF(opening) { throw error }
      throw opening.failure(FFmpegError(code: result, call: "avformat_open_input"))
    }
    let context = unsafe FormatContext(opened, opening)
    let given = Set(opening.options.demuxerOptions.map(\.key) + ["rtsp_transport"])
    try rejectUnusedOptions(dictionary.keys.filter(given.contains), source: source)
    return context
  }

  /// Reads the first packets, for the stream information that headers leave out.
  private func findStreams(_ opening: Opening) throws(MediaError) {
    // For this, pictures are decoded.
    let sizes = declaredSizes()
    let limit = PixelLimit(opening.options.maxPixels)
    let limits = DecoderLimits(sizes.map { limit.forDecoder(width: $0.width, height: $0.height) })
    for index in 0..<streamCount {
      if let stream = unsafe stream(index) { unsafe PNGMetadata.hide(inHeaderOf: stream) }
    }
    do throws(FFmpegError) {
      try interrupt.reminding(after: LiveProbing.seconds) { [self] in
        if kind == .live { unsafe LiveProbing.endMeasuring(raw) }
      } during: { () throws(FFmpegError) in
        try check(
          unsafe avformat_find_stream_info(raw, limits.raw.baseAddress),
          "avformat_find_stream_info")
      }
    } catch {
      throw opening.failure(error)
    }
    if let reason = interrupt.stopReason(.opening, source: source, origin: origin) {
      throw reason
    }
    interrupt.disarm()
    restore(sizes)
  }

  deinit {
    // Closing may send a message to a server and wait for an answer that never comes.
    interrupt.recall()
    interrupt.arm(seconds: min(2, readTimeout > 0 ? readTimeout : 2))
    var closing: UnsafeMutablePointer<AVFormatContext>? = unsafe raw
    let inputs = unsafe NestedInputs.of(raw)
    unsafe avformat_close_input(&closing)
    unsafe inputs?.detach(from: raw)
    interrupt.disarm()
  }

  private static func format(
    named name: String?, _ opening: Opening
  ) throws(MediaError) -> UnsafePointer<AVInputFormat>? {
    guard let name else { return nil }
    if case .device = opening.location {
      try DeviceLibrary.standard.load(for: opening.source).register()
    }
    guard let found = unsafe av_find_input_format(name) else {
      throw MediaError(
        .unsupportedProtocol, source: opening.source,
        message: "This FFmpeg has no \"\(name)\" input.",
        remedy: "Install an FFmpeg that supports it.")
    }
    return unsafe UnsafePointer(found)
  }

  private static func rejectUnusedOptions(_ keys: [String], source: String) throws(MediaError) {
    guard !keys.isEmpty else { return }
    let renamed = keys.contains("stimeout") ? "FFmpeg 5 renamed \"stimeout\" to \"timeout\"; " : ""
    throw MediaError(
      .unknownOption, source: source,
      message:
        "FFmpeg does not use the option \(keys.map { "\"\($0)\"" }.joined(separator: ", "))"
        + " for this source.",
      remedy: renamed.isEmpty
        ? "Check its spelling in FFmpeg's documentation of the demuxer and the protocol."
        : renamed + "use that name.")
  }

  /// FFmpeg renders plain text files as pictures of text, in which there is nothing to detect.
  private func rejectTextArt(_ opening: Opening) throws(MediaError) {
    guard ["tty", "bin", "xbin", "adf", "idf"].contains(formatName) else { return }
    throw opening.foreignFormat
      ?? MediaError(FFmpegError(code: SD_AVERROR_INVALIDDATA, call: "probe"), source: source)
  }
}

extension FormatContext {
  /// The sizes of pictures that the container declares; 0 where it doesn't.
  private func declaredSizes() -> [(width: Int32, height: Int32)] {
    (0..<streamCount).map { index in
      guard let parameters = unsafe stream(index)?.pointee.codecpar else { return (0, 0) }
      return unsafe (parameters.pointee.width, parameters.pointee.height)
    }
  }

  /// Puts back sizes that FFmpeg forgot because a decoder refused them.
  private func restore(_ sizes: [(width: Int32, height: Int32)]) {
    for (index, size) in sizes.enumerated() where index < streamCount && size.width > 0 {
      guard let parameters = unsafe stream(index)?.pointee.codecpar,
        unsafe parameters.pointee.width == 0
      else { continue }
      unsafe parameters.pointee.width = size.width
      unsafe parameters.pointee.height = size.height
    }
  }

  /// FFmpeg's name for the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  var formatName: String {
    guard let name = unsafe raw.pointee.iformat?.pointee.name else { return "" }
    return unsafe String(cString: name)
  }

  /// The number of streams; more may appear while reading.
  var streamCount: Int { unsafe Int(raw.pointee.nb_streams) }

  /// The stream at `index`, which must be below `streamCount`.
  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
    precondition(index >= 0 && index < streamCount, "stream \(index) of \(streamCount)")
    return unsafe raw.pointee.streams?[index]
  }

  /// The result of reading the next packet.
  enum ReadOutcome {
    case packet
    case end
    case broken(FFmpegError)
    /// A playlist has no end mark, and nothing was added to it within the read deadline.
    case unfinished
  }

  /// Reads the next packet, within the read deadline.
  ///
  /// - Throws: `MediaError` if the deadline passes or the reader is cancelled; FFmpeg's own errors
  ///   are returned as `broken`.
  func read(into packet: borrowing PacketBuffer) throws(MediaError) -> ReadOutcome {
    packet.clear()
    interrupt.arm(seconds: readTimeout)
    defer { interrupt.disarm() }
    while true {
      let result = unsafe av_read_frame(raw, packet.raw)
      if result < 0 || interrupt.hasStopped,
        let reason = interrupt.stopReason(.reading, source: source, origin: origin)
      {
        if playlist?.kind == .hls, reason.code == .readTimeout { return .unfinished }
        throw reason
      }
      // Some demuxers say "-1" where they mean the end.
      if result == -EPERM, opener.refusal == nil, unsafe raw.pointee.pb?.pointee.eof_reached == 1 {
        return .end
      }
      let outcome: Flow
      do {
        outcome = try flow(result, "av_read_frame")
      } catch {
        return .broken(error)
      }
      switch outcome {
      case .done:
        if try prepare(packet) { return .packet }
        packet.clear()
      case .ended: return .end
      case .again: av_usleep(2_000)
      }
    }
  }

  /// Goes on reading at a keyframe, or before it; returns whether that was possible.
  func seek(toKeyframeAt time: Int64, ofStream index: Int) throws(MediaError) -> Bool {
    interrupt.arm(seconds: readTimeout)
    defer { interrupt.disarm() }
    let result = unsafe av_seek_frame(raw, Int32(index), time, AVSEEK_FLAG_BACKWARD)
    if let reason = interrupt.stopReason(.reading, source: source, origin: origin) { throw reason }
    return result >= 0
  }
}
