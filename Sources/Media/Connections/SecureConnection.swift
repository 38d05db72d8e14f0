import CFFmpeg
internal import Support

/// An encrypted connection to a host that has proved to be who it is, by FFmpeg's TLS.
///
/// The host's certificate must be valid now, be issued for the name of the host, and lead to an
/// authority that the system trusts. For one thread at a time.
@safe
package final class SecureConnection {
  /// How a connection is made.
  package struct Options: Sendable {
    /// Seconds that connecting may take.
    package var openTimeout = 10.0
    /// Seconds that the host may be silent.
    package var readTimeout = 10.0
    /// A file with the certificates of authorities to trust instead of the system's.
    package var authorities: String?
    /// `http://[user:password@]host:port`, which passes the connection on.
    package var proxy: String?

    package init() {}
  }

  private let io: UnsafeMutablePointer<AVIOContext>
  /// Outlives `io`, which asks it.
  private let interrupt: Interrupt
  private let source: String
  private let readTimeout: Double

  /// Connects to a host, which is a name or a numeric address.
  ///
  /// - Throws: `MediaError`, with the code `untrusted_certificate` for a host that can't prove who
  ///   it is, and `unsupported_protocol` where FFmpeg's TLS would not check that.
  package init(
    host: String, port: Int, options: Options, cancellation: Cancellation
  ) throws(MediaError) {
    let name = host.contains(":") ? "[\(host)]" : host
    source = "https://\(name):\(port)"
    interrupt = Interrupt(cancellation)
    readTimeout = options.readTimeout
    try Self.requireChecks(source)
    interrupt.arm(seconds: options.openTimeout)
    do throws(HostName.Failure) {
      // The proxy looks the host up itself.
      let next = options.proxy.map { "tcp" + $0.dropFirst("http".count) }
      try HostName(in: next ?? "tcp://\(name):\(port)")?.lookUp(interrupt)
    } catch {
      throw interrupt.stopReason(.opening, source: source) ?? MediaError(error, source: source)
    }
    unsafe io = try Self.open("tls://\(name):\(port)", source, options, interrupt)
  }

  deinit {
    var closing: UnsafeMutablePointer<AVIOContext>? = unsafe io
    interrupt.arm(seconds: 1)
    QuietThread.run { _ = unsafe avio_closep(&closing) }
  }

  /// Sends all bytes.
  package func write(_ bytes: [UInt8]) throws(MediaError) {
    interrupt.arm(seconds: readTimeout)
    // What breaks is said once, by the error.
    QuietThread.run {
      unsafe avio_write(io, bytes, Int32(clamping: bytes.count))
      unsafe avio_flush(io)
    }
    let code = unsafe io.pointee.error
    if code < 0 { throw failure(code, "avio_write") }
  }

  /// Waits for bytes, at most `count`; none at the end.
  package func read(upTo count: Int) throws(MediaError) -> [UInt8] {
    interrupt.arm(seconds: readTimeout)
    var bytes = [UInt8](repeating: 0, count: max(count, 1))
    let length = QuietThread.run {
      unsafe avio_read_partial(io, &bytes, Int32(clamping: count))
    }
    if length > 0 { return Array(bytes.prefix(Int(length))) }
    if length == 0 || length == SD_AVERROR_EOF { return [] }
    throw failure(length, "avio_read_partial")
  }

  private func failure(_ code: Int32, _ call: String) -> MediaError {
    if let reason = interrupt.stopReason(.reading, source: source) { return reason }
    // What broke an encrypted connection is seldom told.
    return MediaError(
      FFmpegError(code: code == -EIO ? -ECONNRESET : code, call: call), source: source)
  }

  private static func open(
    _ url: String, _ source: String, _ options: Options, _ interrupt: Interrupt
  ) throws(MediaError) -> UnsafeMutablePointer<AVIOContext> {
    var dictionary = OptionDictionary()
    dictionary.set("tls_verify", "1")
    if let authorities = options.authorities { dictionary.set("ca_file", authorities) }
    // Set also where there is none, as FFmpeg takes one from the environment otherwise.
    dictionary.set("http_proxy", options.proxy ?? "")
    dictionary.set("protocol_whitelist", "tls,tcp,httpproxy")
    var opened: UnsafeMutablePointer<AVIOContext>?
    var callback = unsafe interrupt.callback
    FFmpegLog.beginRecording()
    let code = QuietThread.run {
      unsafe dictionary.withRaw {
        unsafe avio_open2(&opened, url, AVIO_FLAG_READ_WRITE, &callback, $0)
      }
    }
    let messages = FFmpegLog.endRecording()
    if code >= 0, let opened = unsafe opened { return unsafe opened }
    if let reason = interrupt.stopReason(.opening, source: source) { throw reason }
    if options.proxy != nil, httpFailures.contains(code) {
      throw MediaError(
        .connectionFailed, source: source, message: "The proxy does not pass the connection on.",
        remedy: "Check https_proxy, and the user name and password in it.", isTransient: true)
    }
    throw distrust(messages, source, options)
      ?? MediaError(
        FFmpegError(code: code == -EIO ? -ECONNRESET : code, call: "avio_open2"),
        source: source)
  }

  /// What a proxy answers instead of connecting.
  private static let httpFailures: Set<Int32> = [
    SD_AVERROR_HTTP_BAD_REQUEST, SD_AVERROR_HTTP_UNAUTHORIZED, SD_AVERROR_HTTP_FORBIDDEN,
    SD_AVERROR_HTTP_NOT_FOUND, SD_AVERROR_HTTP_OTHER_4XX, SD_AVERROR_HTTP_SERVER_ERROR,
  ]

  /// The error for a certificate that was rejected, from what FFmpeg printed.
  private static func distrust(
    _ messages: [String], _ source: String, _ options: Options
  ) -> MediaError? {
    func says(_ text: String) -> Bool { messages.contains { $0.contains(text) } }
    if says("does not match hostname") {
      return MediaError(
        .untrustedCertificate, source: source,
        message: "The server's certificate is for another host.",
        remedy: "Check the address, the network and any proxy.")
    }
    guard says("failed verification") || says("certificate verify failed") else { return nil }
    return MediaError(
      .untrustedCertificate, source: source,
      message: "The server's certificate has expired, or no trusted authority has issued it.",
      remedy: "Check the clock and the system's certificates (ca-certificates), or name those of "
        + "your own authority with SSL_CERT_FILE.")
  }

  /// FFmpeg with OpenSSL checks certificates, but up to 8.0 not whether they are for the host.
  private static func requireChecks(_ source: String) throws(MediaError) {
    let configuration = unsafe String(cString: avformat_configuration())
    guard !configuration.contains("--enable-openssl") else {
      throw MediaError(
        .unsupportedProtocol, source: source,
        message: "This FFmpeg has no TLS that checks the names of hosts.",
        remedy: "Download the file with another program, check its SHA-256, and import it with "
          + "'stream-detect models import'; or install an FFmpeg that is built with GnuTLS.")
    }
  }
}

extension MediaError.Code {
  /// The host's certificate has expired, is for another host, or has no trusted issuer.
  public static let untrustedCertificate: Self = "untrusted_certificate"
}
