import CFFmpeg

/// What a container declares of its video.
struct Declaration {
  /// Seconds of video; `nil` if none are declared, or only those of all streams together.
  var seconds: Double?
  /// Whether they count from time zero, rather than from the first frame.
  var startsAtZero = false
  /// Packets of video.
  var packets: Int?
  /// Whether frames can't be left out without a trace.
  var isContinuous = false
  /// How many seconds may be missing at the end; `nil` for the usual tolerance.
  var tolerance: Double?
  /// Whether frames follow each other without times, so that only references between them show
  /// that some are missing.
  var hasNoTimes = false
  /// Whether frames that others refer to may have been left out on purpose.
  var allowsGaps = false
  /// Whether a stream without a container has nothing that tells how many frames there were: where
  /// one is damaged, others may be missing.
  var isBare = false
  /// Whether a frame's time is its number, so that each frame that is missing shows.
  var isNumbered = false
  /// Whether pictures follow each other without anything between them.
  var isMotionJPEG = false
  /// Whether files that are put one behind the other are one file: a small gap before a keyframe
  /// may be a joint then.
  var mayBeJoined = false
}

extension FormatContext {
  /// Whether the container's clock may break, and frames can't be left out of it without a trace.
  private var isBroadcast: Bool {
    let flags = unsafe raw.pointee.iformat?.pointee.flags ?? 0
    return flags & AVFMT_TS_DISCONT != 0
  }

  /// How far the clock of the stream at `index` is believed.
  func clockLimits(ofStream index: Int, kind: SourceKind, isPushed: Bool) -> ClockLimits {
    var limits = ClockLimits()
    if let stream = unsafe stream(index) {
      limits.wrapBits = unsafe Int(stream.pointee.pts_wrap_bits)
    }
    let isPlaylist = ["hls", "dash"].contains { formatName.hasPrefix($0) }
    switch kind {
    case .live:
      // A sender's clock and ours go on together; a server may leave out what is too old.
      limits.ahead = isPushed ? 2 : 10
    case .file, .image:
      if isPlaylist {
        limits.ahead = 60
      } else if isBroadcast {
        limits.ahead = 10
      } else if let declared = declaredSeconds {
        limits.ahead = max(10, declared)
      }
    }
    return limits
  }

  /// What the container declares of the stream at `index`.
  func declaration(ofStream index: Int) -> Declaration {
    guard let stream = unsafe stream(index) else { return Declaration() }
    let name = formatName
    let isPlaylist = ["hls", "rtsp", "sdp", "dash"].contains(where: name.hasPrefix)
    var seconds: Double?
    // A length that was measured for this stream, to the end of its last frame.
    var hasOwnLength = false
    if isPlaylist {
      seconds = declaredSeconds
    } else if Self.timedFormats.contains(where: name.hasPrefix) {
      let own = unsafe stream.pointee.duration
      // Matroska's length is that of the longest stream; its tags say how long each one is.
      let tag = unsafe dictionaryEntry("DURATION", of: stream.pointee.metadata).flatMap(
        clockSeconds)
      if let tag {
        seconds = tag
        hasOwnLength = true
      } else if unsafe stream.pointee.nb_frames >= Self.unknownFrames {
        seconds = nil
      } else if own != SD_NO_PTS, own > 0, name.hasPrefix("avi") || name.hasPrefix("mxf") {
        seconds = unsafe TimeBase(stream.pointee.time_base).seconds(own)
        hasOwnLength = name.hasPrefix("mxf")
      } else if streamCount == 1 {
        seconds = declaredSeconds
      }
    }
    return Declaration(
      seconds: seconds, startsAtZero: !isPlaylist,
      packets: name.hasPrefix("avi") ? unsafe indexedPackets(stream) : nil,
      // A frame of MXF has no time but its number.
      isContinuous: isBroadcast || name.hasPrefix("dash") || name == "mxf",
      tolerance: name.hasPrefix("hls") ? playlist?.tolerance : hasOwnLength ? 0.25 : nil,
      hasNoTimes: ["h264", "hevc", "vvc"].contains(name),
      allowsGaps: unsafe name == "h264"
        && SequenceParameters(header(of: stream))?.allowsGaps == true,
      isBare: isBare, isNumbered: name == "mxf",
      isMotionJPEG: ["mjpeg", "jpeg_pipe"].contains(name),
      mayBeJoined: isBroadcast && !isPlaylist)
  }

  /// The decoder's header, as it was found in the stream.
  func header(of stream: UnsafeMutablePointer<AVStream>) -> [UInt8] {
    guard let parameters = unsafe stream.pointee.codecpar,
      let data = unsafe parameters.pointee.extradata
    else { return [] }
    let count = unsafe Int(parameters.pointee.extradata_size)
    return unsafe Array(UnsafeBufferPointer(start: data, count: max(0, count)))
  }

  /// The number of packets in an index that comes from the header or the end, and is complete.
  ///
  /// A frame that repeats the one before it has an entry without data, and no packet.
  private func indexedPackets(_ stream: UnsafeMutablePointer<AVStream>) -> Int? {
    var (all, filled): (Int32, Int32) = (0, 0)
    unsafe sd_stream_index_counts(stream, &all, &filled)
    let declared = unsafe stream.pointee.nb_frames
    return declared > 0 && Int64(all) >= declared ? Int(filled) : nil
  }

  /// The containers whose header has a length that its writer filled in at the end.
  private static let timedFormats = ["matroska", "flv", "asf", "avi", "mxf", "webm"]
  /// What the header of an AVI file says that was written into a pipe.
  private static let unknownFrames: Int64 = 0x4000_0000

  /// The length in the header, if there is one, in seconds; not one that FFmpeg has estimated.
  private var declaredSeconds: Double? {
    let duration = unsafe raw.pointee.duration
    guard unsafe raw.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM,
      duration != SD_NO_PTS, duration > 0
    else { return nil }
    return TimeBase(1, Int(AV_TIME_BASE)).seconds(duration)
  }
}

/// The seconds of `01:02:03.5`, or `nil`.
func clockSeconds(_ text: String) -> Double? {
  let parts = text.split(separator: ":").compactMap { Double($0) }
  guard parts.count == 3, parts.allSatisfy({ $0 >= 0 }) else { return nil }
  let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
  return seconds.isFinite ? seconds : nil
}
