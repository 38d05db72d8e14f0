internal import Media

/// The most bytes of audio that wait for one frame: an hour of a usual stream.
let mostAudioBytes = 64 << 20

/// The newest of `packets` that are within the bound on what may wait for one frame.
func boundedAudio(_ packets: [Packet], bytes: Int = mostAudioBytes) -> [Packet] {
  var sum = packets.reduce(0) { $0 + $1.byteCount }
  guard sum > bytes else { return packets }
  return Array(
    packets.drop { packet in
      guard sum > bytes else { return false }
      sum -= packet.byteCount
      return true
    })
}
