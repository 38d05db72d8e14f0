import CFFmpeg

/// An open source, of which packets can be read.
///
/// Wraps `AVFormatContext`.
@safe
struct FormatContext: ~Copyable {
  let raw: UnsafeMutablePointer<AVFormatContext>
  let source: String
  let interrupt: Interrupt
  /// Set where we read for FFmpeg; must outlive `raw`.
  let pipe: PipeInput?
  private let readTimeout: Double

  private init(
    opening context: UnsafeMutablePointer<AVFormatContext>, source: String, interrupt: Interrupt,
    pipe: PipeInput?, readTimeout: Double
  ) {
    unsafe raw = context
    self.source = source
    self.interrupt = interrupt
    self.pipe = pipe
    self.readTimeout = readTimeout
  }

  /// Opens `location` and looks into its streams, within `options.openTimeout`.
  static func open(
    _ location: Location, source: String, options: InputOptions, interrupt: Interrupt
  ) throws(MediaError) -> FormatContext {
    interrupt.arm(seconds: options.openTimeout)
    let pipe = try pipe(for: location, interrupt: interrupt, source: source)
    let format = try unsafe format(for: location, source: source)
    var dictionary = dictionary(for: location, options)
    guard let allocated = unsafe avformat_alloc_context() else {
      fatalError("avformat_alloc_context: no memory")
    }
    unsafe allocated.pointee.interrupt_callback = interrupt.callback
    if let pipe { unsafe allocated.pointee.pb = pipe.raw }
    // A device would wait for its next picture with no way out; so it says "try again" instead.
    if case .device = location { unsafe allocated.pointee.flags |= AVFMT_FLAG_NONBLOCK }
    var opened = unsafe Optional(allocated)
    let result = unsafe dictionary.withRaw {
      unsafe sd_open_input(&opened, location.address, format, $0)
    }
    guard result >= 0, let opened = unsafe opened else {
      // FFmpeg has freed the context.
      throw interrupt.error(
        FFmpegError(code: result, call: "avformat_open_input"), .opening, source: source)
    }
    let context = unsafe FormatContext(
      opening: opened, source: source, interrupt: interrupt, pipe: pipe,
      // The disk answers; a program that is halted in between must not find its file timed out.
      readTimeout: location.path == nil ? options.readTimeout : 0)
    try refuseLeftovers(dictionary.keys, source: source)
    try context.refuseTextArt()
    try context.findStreams()
    return context
  }

  /// Reads the first packets, which tell what headers leave out.
  private func findStreams() throws(MediaError) {
    do {
      try check(unsafe avformat_find_stream_info(raw, nil), "avformat_find_stream_info")
    } catch {
      throw interrupt.error(error, .opening, source: source)
    }
    if let reason = interrupt.stopReason(.opening, source: source) { throw reason }
    interrupt.disarm()
  }

  private static func dictionary(
    for location: Location, _ options: InputOptions
  ) -> OptionDictionary {
    var dictionary = OptionDictionary()
    if let scheme = location.scheme, scheme.hasPrefix("rtsp") {
      dictionary.set("rtsp_transport", options.rtspTransport.rawValue)
    }
    for option in options.demuxerOptions { dictionary.set(option.key, option.value) }
    return dictionary
  }

  deinit {
    // Closing says goodbye to a server, which may not answer.
    interrupt.arm(seconds: min(2, readTimeout > 0 ? readTimeout : 2))
    var closing: UnsafeMutablePointer<AVFormatContext>? = unsafe raw
    unsafe avformat_close_input(&closing)
    interrupt.disarm()
  }

  private static func pipe(
    for location: Location, interrupt: Interrupt, source: String
  ) throws(MediaError) -> PipeInput? {
    switch location {
    case .standardInput: try PipeInput(path: nil, interrupt: interrupt, source: source)
    case .pipe(let path): try PipeInput(path: path, interrupt: interrupt, source: source)
    case .file, .picture, .device, .url: nil
    }
  }

  private static func format(
    for location: Location, source: String
  ) throws(MediaError) -> UnsafePointer<AVInputFormat>? {
    guard let name = location.formatName else { return nil }
    if case .device = location { try DeviceLibrary.standard.load(for: source).register() }
    guard let found = unsafe av_find_input_format(name) else {
      throw MediaError(
        .unsupportedProtocol, source: source, message: "This FFmpeg has no \"\(name)\" input.",
        remedy: "Install an FFmpeg that has it.")
    }
    return unsafe UnsafePointer(found)
  }

  private static func refuseLeftovers(_ keys: [String], source: String) throws(MediaError) {
    guard !keys.isEmpty else { return }
    let renamed = keys.contains("stimeout") ? "FFmpeg 5 renamed \"stimeout\" to \"timeout\"; " : ""
    throw MediaError(
      .unknownOption, source: source,
      message:
        "Nothing in FFmpeg uses the option \(keys.map { "\"\($0)\"" }.joined(separator: ", "))"
        + " for this source.",
      remedy: renamed.isEmpty
        ? "Check its spelling against FFmpeg's manual of the demuxer and the protocol."
        : renamed + "use that name.")
  }

  /// FFmpeg draws plain text files as pictures of text; nobody wants objects detected there.
  private func refuseTextArt() throws(MediaError) {
    guard ["tty", "bin", "xbin", "adf", "idf"].contains(formatName) else { return }
    throw MediaError(FFmpegError(code: SD_AVERROR_INVALIDDATA, call: "probe"), source: source)
  }
}

extension FormatContext {
  /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  var formatName: String {
    guard let name = unsafe raw.pointee.iformat?.pointee.name else { return "" }
    return unsafe String(cString: name)
  }

  /// The number of streams; more may appear while reading.
  var streamCount: Int { unsafe Int(raw.pointee.nb_streams) }

  /// The stream at `index`, which is below `streamCount`.
  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
    precondition(index >= 0 && index < streamCount, "stream \(index) of \(streamCount)")
    return unsafe raw.pointee.streams?[index]
  }

  /// What reading the next packet came to.
  enum ReadOutcome {
    case packet
    case end
    case broken(FFmpegError)
  }

  /// Reads the next packet, within the read deadline.
  ///
  /// - Throws: when the deadline passed or the reader was cancelled; what FFmpeg says is an outcome.
  func read(into packet: borrowing PacketBuffer) throws(MediaError) -> ReadOutcome {
    packet.clear()
    interrupt.arm(seconds: readTimeout)
    defer { interrupt.disarm() }
    while true {
      let result = unsafe av_read_frame(raw, packet.raw)
      if result < 0 || interrupt.hasStopped,
        let reason = interrupt.stopReason(.reading, source: source)
      {
        throw reason
      }
      do {
        switch try flow(result, "av_read_frame") {
        case .done: return .packet
        case .ended: return .end
        case .again: av_usleep(2_000)
        }
      } catch {
        return .broken(error)
      }
    }
  }
}
