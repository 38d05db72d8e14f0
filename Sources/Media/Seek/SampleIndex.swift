import CFFmpeg

/// The index of a container that lists every sample of the video, so that numbers of frames are
/// known without reading them.
struct SampleIndex {
  struct Keyframe {
    /// The time of decoding, in ticks.
    var dts: Int64
    /// Packets before it, and frames that come of them.
    var packets: Int
    var frames: Int
  }

  private var keyframes: [Keyframe] = []
  /// Where the packets are in the file.
  private var positions: [Int64] = []

  /// Reads the index of a stream; `nil` if it isn't one of all samples in order.
  init?(_ stream: UnsafeMutablePointer<AVStream>) {
    var (time, position, size, flags): (Int64, Int64, Int32, Int32) = (0, 0, 0, 0)
    var entry: Int32 = 0
    var frames = 0
    var last = Int64.min
    while unsafe sd_stream_index_entry(stream, entry, &time, &position, &size, &flags) != 0 {
      guard time > last, size >= 0, entry < .max else { return nil }
      last = time
      entry += 1
      // Without data there is no packet.
      guard size > 0 else { continue }
      if flags & AVINDEX_KEYFRAME != 0 {
        keyframes.append(Keyframe(dts: time, packets: positions.count, frames: frames))
      }
      positions.append(position)
      if flags & AVINDEX_DISCARD_FRAME == 0 { frames += 1 }
    }
    if positions.isEmpty { return nil }
  }

  /// Whether the packet with `number`, from 1, is at `position` in the file.
  func hasPacket(_ number: Int, at position: Int64) -> Bool {
    positions.indices.contains(number - 1) && positions[number - 1] == position
  }

  /// The last keyframe that is decoded at `dts` or before.
  func keyframe(upTo dts: Int64) -> Keyframe? {
    var (low, high) = (0, keyframes.count)
    while low < high {
      let middle = (low + high) / 2
      if keyframes[middle].dts <= dts { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? keyframes[low - 1] : nil
  }

  /// The keyframe at a place in the file.
  func keyframe(at position: Int64) -> Keyframe? {
    keyframes.last { positions[$0.packets] == position }
  }
}
