package import CFFmpeg

/// The compressed data of one access unit, kept to be written to another file.
///
/// Wraps `AVPacket`.
@safe
public final class Packet: @unchecked Sendable {
  // Sendable because nothing changes the packet after `init`; a muxer works on its own reference.
  let raw: UnsafeMutablePointer<AVPacket>

  /// The time base of the packet's times.
  public let timeBase: TimeBase

  /// Takes another reference to the data of `packet`.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  init(referencing packet: UnsafePointer<AVPacket>, timeBase: TimeBase) throws(MediaError) {
    unsafe raw = try allocated(av_packet_clone(packet), "av_packet_clone")
    self.timeBase = timeBase
  }

  /// Takes another reference to the data of `packet`, with other times.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  convenience init(
    referencing packet: UnsafePointer<AVPacket>, timeBase: TimeBase, pts: Int64, dts: Int64,
    duration: Int64
  ) throws(MediaError) {
    try unsafe self.init(referencing: packet, timeBase: timeBase)
    unsafe raw.pointee.pts = pts
    unsafe raw.pointee.dts = dts
    unsafe raw.pointee.duration = duration
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&freeing)
  }

  /// The number of bytes.
  public var byteCount: Int { unsafe Int(raw.pointee.size) }

  /// When it is presented, in ticks, if known.
  public var pts: Int64? {
    let pts = unsafe raw.pointee.pts
    return pts == SD_NO_PTS ? nil : pts
  }

  /// When it is decoded, in ticks, if known.
  package var dts: Int64? {
    let dts = unsafe raw.pointee.dts
    return dts == SD_NO_PTS ? nil : dts
  }

  /// How long it lasts, in ticks; 0 if unknown.
  var duration: Int64 { max(0, unsafe raw.pointee.duration) }

  /// Whether a decoder can begin with it.
  package var isKeyframe: Bool { unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0 }
}

/// A packet that is reused for everything a demuxer or an encoder returns.
///
/// Wraps `AVPacket`.
@safe
package struct PacketBuffer: ~Copyable {
  package let raw: UnsafeMutablePointer<AVPacket>

  /// - Throws: `MediaError` if there is no memory for it.
  package init() throws(MediaError) {
    unsafe raw = try allocated(av_packet_alloc(), "av_packet_alloc")
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&freeing)
  }

  /// Releases the data, so the next packet can be read.
  package func clear() { unsafe av_packet_unref(raw) }
}
