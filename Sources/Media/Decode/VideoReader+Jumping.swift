import CFFmpeg

extension VideoReader {
  /// A jump has to save reading so many packets at least.
  private static let fewestPackets = 50
  /// Seconds before the first wanted frame whose sound may be wanted, and what sound and picture
  /// are apart in a file.
  private static let soundBefore = 3.0

  /// Goes on near the next wanted frame, if the container tells where that is, and which number it
  /// has.
  func jump() throws(MediaError) -> Bool {
    guard let choosing, choosing.landing == nil, choosing.plan?.canJump == true,
      let wanted = choosing.plan?.earliest, let delay = choosing.plan?.delay,
      // Sound between frames that are wanted is passed on.
      audio == nil || !choosing.hasGivenOut
    else { return false }
    let before = audio == nil ? 0 : info.timeBase.ticks(Self.soundBefore)
    // The earliest is rounded, and a keyframe is presented later than it is decoded.
    let latest = wanted.saturatingSubtract(1).saturatingSubtract(before)
    guard let index = sampleIndex(),
      let keyframe = index.keyframe(
        upTo: latest.saturatingSubtract(delay).saturatingSubtract(delay)),
      keyframe.packets > counts.packets + Self.fewestPackets,
      keyframe.packets > choosing.soughtPackets,
      index.hasPacket(counts.packets, at: choosing.position)
    else { return false }
    // FFmpeg takes it for a time of presentation, or of decoding, depending on its version.
    let place = keyframe.dts.saturatingAdd(delay)
    guard try demuxer.seek(toKeyframeAt: place, ofStream: videoIndex) else {
      throw .lostPlan("its index leads nowhere")
    }
    self.choosing?.plan?.jump()
    self.choosing?.landing = latest
    self.choosing?.soughtPackets = keyframe.packets
    self.choosing?.jumps += 1
    return true
  }

  /// Notes the first packet of the video after a jump.
  func land() throws(DecodingPlan.Failure) {
    guard let latest = choosing?.landing else { return }
    choosing?.landing = nil
    let (pts, position) = unsafe (packet.raw.pointee.pts, packet.raw.pointee.pos)
    guard let keyframe = sampleIndex()?.keyframe(at: position), keyframe.packets >= counts.packets,
      pts != SD_NO_PTS, pts <= latest
    else { throw DecodingPlan.Failure("its index leads elsewhere") }
    watch.jump(packets: keyframe.packets - counts.packets)
    counts.jump(to: keyframe.packets)
    choosing?.plan?.land(index: keyframe.frames)
  }

  /// The index of all samples, if the container has one.
  private func sampleIndex() -> SampleIndex? {
    if let index = choosing?.index { return index }
    var index: SampleIndex?
    // Fragments are in no index that is read in advance.
    if demuxer.formatName.hasPrefix("mov"), let stream = unsafe demuxer.stream(videoIndex),
      unsafe stream.pointee.nb_frames > 0
    {
      index = unsafe SampleIndex(stream)
    }
    choosing?.index = .some(index)
    return index
  }
}
