import CFFmpeg
import Foundation

/// A part of a video that was written by `SegmentWriter`, in seconds after its first picture.
package struct VideoPart: Hashable, Sendable {
  /// The path of the video.
  package var path: String
  /// It begins with the keyframe at this time, or the last one before it.
  package var from: Double
  /// It ends before the first picture that is decoded after this time.
  package var to: Double

  /// A part from the keyframe at or before `from` up to `to`.
  package init(_ path: String, from: Double = 0, to: Double = .infinity) {
    (self.path, self.from, self.to) = (path, from, to)
  }
}

/// Copies parts of videos one after the other into one MP4 with a single index before its data.
///
/// Packets stay as they are, and times go on without a gap from part to part.
package final class JoinedCopy {
  /// What was copied of a part.
  package struct Copied: Hashable, Sendable {
    /// The time of its first keyframe in the video that it is from, in seconds.
    package var from: Double
    /// Where it begins in the copy, in seconds.
    package var start: Double
    /// How long it lasts, in seconds.
    package var seconds: Double
  }

  /// What was copied of each part; `nil` for one that has nothing at its time, and for those with a
  /// picture of another size or other parameters than the first: one video can't have both.
  package private(set) var copied: [Copied?] = []
  private let target: String
  private var output: IndexedOutput?
  private var format: Format?
  /// Where the next part begins, in ticks of the copy's video.
  private var end: Int64 = 0
  private var lastSound = Int64.min

  /// Copies `parts` into `target`, which is replaced.
  ///
  /// - Throws: `MediaError` if a part can't be read or the copy not be written.
  package init(_ parts: [VideoPart], to target: String) throws(MediaError) {
    self.target = target
    for part in parts {
      do { copied.append(try copy(part)) } catch {
        throw MediaError(output: error, location: target)
      }
    }
    do { try output?.finish() } catch { throw MediaError(output: error, location: target) }
  }

  private func copy(_ part: VideoPart) throws(FFmpegError) -> Copied? {
    let input: CopyInput
    do { input = try CopyInput(part.path) } catch {
      // It has no fragment yet, or is gone.
      guard [SD_AVERROR_INVALIDDATA, -ENOENT].contains(error.code) else { throw error }
      return nil
    }
    guard let video = unsafe input.stream(AVMEDIA_TYPE_VIDEO) else { return nil }
    let format = unsafe Format(video)
    guard format == self.format ?? format else { return nil }
    guard let first = try unsafe Self.keyframe(of: part, video.pointee.time_base) else {
      return nil
    }
    self.format = format
    let output: IndexedOutput
    if let opened = self.output {
      output = opened
    } else {
      output = try unsafe open(input, video)
      self.output = output
    }
    return try unsafe copy(part, input, video, from: first, to: output)
  }

  private func open(
    _ input: CopyInput, _ video: UnsafeMutablePointer<AVStream>
  ) throws(FFmpegError) -> IndexedOutput {
    var streams = unsafe [video]
    if let sound = unsafe input.stream(AVMEDIA_TYPE_AUDIO) { unsafe streams.append(sound) }
    return try unsafe IndexedOutput(target, muxer: "mp4", like: streams)
  }

  /// When the keyframe is presented with which a part begins, in ticks.
  private static func keyframe(
    of part: VideoPart, _ timeBase: AVRational
  ) throws(FFmpegError) -> Int64? {
    let unit = TimeBase(timeBase)
    var first: Int64?
    try unsafe CopyInput(part.path).read { (packet, stream) in
      guard unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO else {
        return true
      }
      let (pts, dts) = unsafe (packet.pointee.pts, packet.pointee.dts)
      guard unit.seconds(dts) <= max(part.from, 0) || first == nil else { return false }
      let isKeyframe = unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0
      if isKeyframe, first == nil || unit.seconds(pts) <= part.from { first = pts }
      return true
    }
    guard let first, unit.seconds(first) <= part.to else { return nil }
    return first
  }

  private func copy(
    _ part: VideoPart, _ input: CopyInput, _ video: UnsafeMutablePointer<AVStream>,
    from first: Int64, to output: IndexedOutput
  ) throws(FFmpegError) -> Copied {
    let unit = unsafe TimeBase(video.pointee.time_base)
    let start = end
    // What is added to the times of the part, and ticks from the first one's decoding to its
    // presentation, which only the first part has to begin with.
    var shift: Int64?
    var last = start
    let place = unit.seconds(first)
    // A fragment has its pictures first and its sound after them.
    var isGoing = (video: true, sound: output.streamCount > 1)
    try unsafe input.read { (packet, stream) throws(FFmpegError) in
      let type = unsafe stream.pointee.codecpar.pointee.codec_type
      let (pts, dts) = unsafe (packet.pointee.pts, packet.pointee.dts)
      guard pts != SD_NO_PTS, dts != SD_NO_PTS else { return true }
      let isVideo = type == AVMEDIA_TYPE_VIDEO
      let own = unsafe TimeBase(stream.pointee.time_base)
      if isVideo, shift == nil, pts == first {
        shift = copied.contains { $0 != nil } ? start.clampedDifference(dts) : -pts
      }
      guard let shift else { return true }
      guard own.seconds(dts) <= part.to else {
        if isVideo { isGoing.video = false } else { isGoing.sound = false }
        return isGoing.video || isGoing.sound
      }
      guard isVideo || own.seconds(pts) >= place - 0.05 else { return true }
      let added = isVideo ? shift : unsafe av_rescale_q(shift, video.pointee.time_base, own.raw)
      unsafe packet.pointee.pts = pts.saturatingAdd(added)
      unsafe packet.pointee.dts = dts.saturatingAdd(added)
      if isVideo {
        last = unsafe packet.pointee.dts.saturatingAdd(max(1, packet.pointee.duration))
      } else if type == AVMEDIA_TYPE_AUDIO, output.streamCount > 1 {
        // Where two parts meet, rounding may put a packet before the last one.
        unsafe packet.pointee.dts = max(packet.pointee.dts, lastSound.saturatingAdd(1))
        unsafe packet.pointee.pts = max(packet.pointee.pts, packet.pointee.dts)
        lastSound = unsafe packet.pointee.dts
      } else {
        return true
      }
      try unsafe output.write(packet, stream: isVideo ? 0 : 1, timeBase: own.raw)
      return true
    }
    end = last
    return Copied(
      from: place, start: unit.seconds(start), seconds: unit.seconds(last.clampedDifference(start)))
  }

  /// What all parts have to have in common.
  private struct Format: Equatable {
    let codec: AVCodecID
    let size: [Int32]
    let header: [UInt8]
    let unit: TimeBase

    init(_ stream: UnsafeMutablePointer<AVStream>) {
      let parameters = unsafe stream.pointee.codecpar.pointee
      codec = unsafe parameters.codec_id
      size = unsafe [parameters.width, parameters.height]
      header =
        unsafe parameters.extradata.map { bytes in
          unsafe Array(
            UnsafeBufferPointer(start: bytes, count: max(0, Int(parameters.extradata_size))))
        } ?? []
      unit = unsafe TimeBase(stream.pointee.time_base)
    }
  }
}
