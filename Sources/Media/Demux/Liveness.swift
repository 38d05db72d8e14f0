import CFFmpeg

extension SourceKind {
  /// What kind of source an opened one is.
  ///
  /// The address alone decides for most. HTTP carries both: a source is live if it is a series of
  /// pictures that replace each other, a playlist without an end, an Internet radio's stream (ICY),
  /// or if the server tells neither a length nor that it can send a part. `isLive` overrides that.
  init(
    of location: Location, opened context: UnsafeMutablePointer<AVFormatContext>, isLive: Bool?
  ) {
    let name = unsafe context.pointee.iformat?.pointee.name.map { unsafe String(cString: $0) } ?? ""
    if case .picture = location {
      self = .image
    } else if let isLive {
      self = isLive ? .live : Self.isPicture(name) && location.scheme != nil ? .image : .file
    } else if location.isLive == true {
      self = .live
    } else if location.scheme == nil {
      self = Self.isOnePicture(location, name) ? .image : .file
    } else if Self.isPicture(name) {
      self = .image
    } else {
      self = unsafe location.isLive == nil && Self.isEndless(context, name) ? .live : .file
    }
  }

  /// Whether a file's format holds one picture, though it has no signature of those known to
  /// `pictureFormat`.
  ///
  /// A pipe may deliver any number of pictures, and so may a file of Netpbm's or of JPEG pictures.
  private static func isOnePicture(_ location: Location, _ format: String) -> Bool {
    guard case .file = location else { return false }
    let series = ["jpeg", "pam", "pbm", "pfm", "pgm", "pgmyuv", "phm", "ppm"].map { $0 + "_pipe" }
    return isPicture(format) && !series.contains(format)
  }

  private static func isPicture(_ format: String) -> Bool {
    format.hasSuffix("_pipe") || format == "image2"
  }

  private static func isEndless(
    _ context: UnsafeMutablePointer<AVFormatContext>, _ format: String
  ) -> Bool {
    if format == "mpjpeg" { return true }
    let hasDuration = unsafe context.pointee.duration != SD_NO_PTS && context.pointee.duration > 0
    // A finished playlist has a duration.
    if hasDuration { return false }
    if format.isSegmentedFormat { return true }
    guard let bytes = unsafe context.pointee.pb else { return true }
    if let station = unsafe option("icy_metadata_headers", of: bytes), !station.isEmpty {
      return true
    }
    let hasLength = unsafe avio_size(bytes) > 0
    let hasRanges = unsafe bytes.pointee.seekable & AVIO_SEEKABLE_NORMAL != 0
    return !hasLength && !hasRanges
  }

  private static func option(
    _ name: String, of bytes: UnsafeMutablePointer<AVIOContext>
  ) -> String? {
    var value: UnsafeMutablePointer<UInt8>?
    guard unsafe av_opt_get(bytes, name, AV_OPT_SEARCH_CHILDREN, &value) >= 0,
      let value = unsafe value
    else { return nil }
    defer { unsafe av_free(value) }
    return unsafe String(cString: value)
  }
}

extension FormatContext {
  /// Whether the source counts as live only because the server doesn't tell its length.
  var lacksLength: Bool {
    kind == .live && hasOpenKind && formatName != "mpjpeg" && !formatName.isSegmentedFormat
  }
}

extension String {
  /// Whether this is FFmpeg's name of a format that comes in segments of several seconds.
  var isSegmentedFormat: Bool { hasPrefix("hls") || hasPrefix("dash") }
}
