import CFFmpeg

/// Makes what a recorder gets of the packets that are read: references to their data, with times on
/// one clock.
///
/// The clock of a source may break: time stamps jump, go back, start again or are missing. They are
/// repaired as those of frames are, so that whoever gets the packets can rely on them.
final class PacketTap: @unchecked Sendable {
  // Sendable because only the thread that reads uses it once that has started.

  /// The unit of time stamps that are made from arrivals.
  private static let ownTimeBase = TimeBase(1, 90_000)

  private let videoIndex: Int
  private let audioIndex: Int?
  private let hasStamps: Bool
  private let sourceTimeBase: TimeBase
  private var streams: CopiedStreams
  private let headers: HeaderWatch?
  private var clock = ArrivalClock()
  private var repair: TimestampRepair
  private var sound: SoundRepair?
  private let nominalDuration: Int64
  private var last: (arrival: Double, first: Double)?

  /// Describes the streams at `video` and `audio` of a source that was opened.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  init(_ demuxer: FormatContext, video: Int, audio: Int?, limits: ClockLimits) throws(MediaError) {
    videoIndex = video
    audioIndex = audio
    hasStamps = !demuxer.hasMadeUpStamps
    sourceTimeBase = demuxer.timeBase(ofStream: video)
    let timeBase = hasStamps ? sourceTimeBase : Self.ownTimeBase
    let sound = try demuxer.audioParameters(audio)
    do throws(FFmpegError) {
      guard let stream = unsafe demuxer.stream(video) else {
        throw FFmpegError(code: SD_AVERROR_STREAM_NOT_FOUND, call: "stream")
      }
      let parameters = try unsafe VideoParameters(stream: stream, timeBase: timeBase)
      streams = CopiedStreams(video: parameters, audio: sound)
      headers = HeaderWatch(parameters)
      let rate = hasStamps ? parameters.frameRate : nil
      nominalDuration = max(1, timeBase.ticks(rate.map { 1 / $0.value } ?? 0.04))
    } catch {
      throw MediaError(error, source: demuxer.source)
    }
    repair = limits.repair(timeBase)
    self.sound = sound.map { SoundRepair(limits, timeBase: $0.timeBase) }
  }

  /// The streams as the next packet has them.
  var present: CopiedStreams { streams }

  /// What a recorder gets of a packet that took `waited` seconds to come; `nil` for other streams,
  /// and for packets without data.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  func take(
    _ packet: borrowing PacketBuffer, waited: Double
  ) throws(MediaError) -> TappedPacket? {
    let raw = unsafe packet.raw
    let index = unsafe Int(raw.pointee.stream_index)
    guard unsafe raw.pointee.size > 0, index == videoIndex || index == audioIndex else {
      return nil
    }
    let isVideo = index == videoIndex
    let timeBase = isVideo ? sourceTimeBase : streams.audio?.timeBase ?? sourceTimeBase
    let stamp = unsafe stamps(of: raw)
    let now = LiveExchange.now
    let arrival = clock.arrival(
      stamp: hasStamps ? (stamp.dts ?? stamp.pts).map(timeBase.seconds) : nil, now: now,
      waited: waited)
    let wall = unsafe sd_packet_wall_clock(raw)
    let capture = CaptureTime(
      age: now - arrival, said: wall > 0 ? Double(wall) / 1_000_000 : nil)
    let kept = isVideo ? try video(packet, stamp, arrival) : try audio(packet, stamp)
    return TappedPacket(packet: kept, streams: streams, isVideo: isVideo, capture: capture)
  }

  private func video(
    _ packet: borrowing PacketBuffer, _ stamp: (pts: Int64?, dts: Int64?), _ arrival: Double
  ) throws(MediaError) -> Packet {
    let raw = unsafe packet.raw
    if unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0 { try noteHeaders(packet) }
    let passed = max(0, arrival - (last?.arrival ?? arrival))
    last = (arrival, last?.first ?? arrival)
    let timeBase = streams.video.timeBase
    guard hasStamps else {
      let time = repair.place(
        timeBase.ticks(arrival - (last?.first ?? arrival)), duration: 1)
      return try unsafe Packet(
        referencing: raw, timeBase: timeBase, pts: time, dts: time, duration: 0)
    }
    let duration = unsafe max(0, raw.pointee.duration)
    // Where pictures are reordered, a presentation time says nothing about the order of decoding.
    let wanted = unsafe stamp.dts ?? (streams.video.raw.pointee.video_delay > 0 ? nil : stamp.pts)
    let dts = repair.place(
      wanted, duration: duration > 0 ? duration : nominalDuration,
      passed: timeBase.ticks(passed))
    let pts = stamp.pts.map { $0.saturatingAdd(dts.saturatingSubtract(wanted ?? dts)) } ?? dts
    return try unsafe Packet(
      referencing: raw, timeBase: timeBase, pts: max(pts, dts), dts: dts, duration: duration)
  }

  private func audio(
    _ packet: borrowing PacketBuffer, _ stamp: (pts: Int64?, dts: Int64?)
  ) throws(MediaError) -> Packet {
    let raw = unsafe packet.raw
    let timeBase = streams.audio?.timeBase ?? sourceTimeBase
    let duration = unsafe max(0, raw.pointee.duration)
    let wanted = stamp.dts ?? stamp.pts
    let dts =
      sound?.place(
        wanted, duration: duration, videoShift: streams.video.timeBase.seconds(repair.shift))
      ?? wanted ?? 0
    let pts = stamp.pts.map { $0.saturatingAdd(dts.saturatingSubtract(wanted ?? dts)) } ?? dts
    return try unsafe Packet(
      referencing: raw, timeBase: timeBase, pts: max(pts, dts), dts: dts, duration: duration)
  }

  /// Describes the streams anew if a keyframe has other headers.
  private func noteHeaders(_ keyframe: borrowing PacketBuffer) throws(MediaError) {
    guard let header = headers?.change(in: keyframe), header != streams.video.header else {
      return
    }
    do {
      streams = CopiedStreams(
        video: try VideoParameters(streams.video, header: header), audio: streams.audio)
    } catch {
      throw MediaError(error, source: "")
    }
  }

  private func stamps(of raw: UnsafePointer<AVPacket>) -> (pts: Int64?, dts: Int64?) {
    let (pts, dts) = unsafe (raw.pointee.pts, raw.pointee.dts)
    return (pts == SD_NO_PTS ? nil : pts, dts == SD_NO_PTS ? nil : dts)
  }
}
