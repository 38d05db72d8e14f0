/// What has to be known of a source's streams to write their packets into a file.
///
/// One object for each stretch of packets that fit into one file: a connection has a new one, and
/// so has video whose size or other parameters change.
package final class CopiedStreams: Sendable {
  /// The video.
  package let video: VideoParameters
  /// The sound, if there is any.
  package let audio: AudioParameters?

  init(video: VideoParameters, audio: AudioParameters?) {
    self.video = video
    self.audio = audio
  }
}

/// A packet as it was read from a source, to be kept or written.
///
/// It shares its data with the packet that is decoded.
package struct TappedPacket: Sendable {
  /// The data, with times that only rise from packet to packet of a stream; decoding times, that
  /// is, which each packet has.
  package let packet: Packet
  /// The streams of the file that it goes into.
  package let streams: CopiedStreams
  /// Whether it is video, rather than sound.
  package let isVideo: Bool
  /// When it was captured.
  package let capture: CaptureTime

  /// When it is decoded, in seconds of the source's clock.
  package var time: Double { packet.timeBase.seconds(packet.dts ?? 0) }
  /// Whether it is a picture that a decoder can begin with.
  package var isKeyframe: Bool { isVideo && packet.isKeyframe }
}

/// Gets the packets of a live source as they are read, whatever the decoder does.
package protocol PacketConsumer: Sendable {
  /// Takes the next packet, on the thread that reads the source: it must not wait for anything.
  func take(_ packet: TappedPacket)
}
