import CFFmpeg

/// A packet that was read from a live source.
final class LivePacket: @unchecked Sendable {
  // Sendable because one thread at a time has it: the reading one, then the decoding one.
  let buffer: PacketBuffer
  /// The decoding time stamp in seconds, if known.
  let stamp: Double?
  /// When it was captured, in seconds since 1970, if the sender says so.
  let said: Double?
  /// When it arrived, in seconds of the reader's clock.
  var arrival = 0.0
  /// Whether it was read over an earlier connection, and its frame was given out.
  var isRepeated = false

  /// Takes the data out of `packet`.
  init(
    taking packet: borrowing PacketBuffer, timeBase: TimeBase, hasStamps: Bool
  ) throws(MediaError) {
    buffer = try PacketBuffer()
    let raw = unsafe packet.raw
    let ticks = unsafe [raw.pointee.dts, raw.pointee.pts].first { $0 != SD_NO_PTS }
    stamp = hasStamps ? ticks.map { timeBase.seconds($0) } : nil
    let wall = unsafe sd_packet_wall_clock(raw)
    said = wall > 0 ? Double(wall) / 1_000_000 : nil
    unsafe av_packet_move_ref(buffer.raw, raw)
  }
}
