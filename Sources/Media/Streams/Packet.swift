package import CFFmpeg

/// Compressed data of one access unit, kept to be written elsewhere.
///
/// Wraps `AVPacket`.
@safe
public final class Packet: @unchecked Sendable {
  // Sendable because nothing changes the packet after `init`; a muxer works on its own reference.
  let raw: UnsafeMutablePointer<AVPacket>

  /// The tick of the packet's times.
  public let timeBase: TimeBase

  /// Takes another reference to the data of `packet`.
  init(referencing packet: UnsafePointer<AVPacket>, timeBase: TimeBase) {
    guard let raw = unsafe av_packet_clone(packet) else { fatalError("av_packet_clone: no memory") }
    unsafe self.raw = raw
    self.timeBase = timeBase
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&freeing)
  }

  /// The number of bytes.
  public var byteCount: Int { unsafe Int(raw.pointee.size) }

  /// When it is presented, in ticks, if the container says so.
  public var pts: Int64? {
    let pts = unsafe raw.pointee.pts
    return pts == SD_NO_PTS ? nil : pts
  }
}

/// The one packet that a demuxer reads into, again and again.
///
/// Wraps `AVPacket`.
@safe
package struct PacketBuffer: ~Copyable {
  package let raw: UnsafeMutablePointer<AVPacket>

  package init() {
    guard let raw = unsafe av_packet_alloc() else { fatalError("av_packet_alloc: no memory") }
    unsafe self.raw = raw
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&freeing)
  }

  /// Gives the data back, so that the next packet can be read.
  package func clear() { unsafe av_packet_unref(raw) }
}
