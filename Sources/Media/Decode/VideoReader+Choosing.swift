import CFFmpeg

extension VideoReader {
  /// Makes `next()` give only the frames that `chooser` takes, before the first call of it.
  ///
  /// With `decodesAll`, the others are decoded nevertheless. Without, `next()` throws the error
  /// `lostPlan` where what was passed over turns out to matter.
  func choose(_ chooser: any FrameChooser, decodesAll: Bool) {
    var choosing = FrameChoosing(chooser: chooser)
    if !decodesAll, isSparse, let stream = unsafe demuxer.stream(videoIndex) {
      choosing.parser = unsafe PictureParser(codec: info.codec, header: demuxer.header(of: stream))
      choosing.isInOrder = unsafe stream.pointee.codecpar?.pointee.video_delay == 0
      if choosing.parser != nil { choosing.trial = DecodingTrial() }
    }
    self.choosing = choosing
  }

  /// Whether it is a file that needn't be decoded as a whole.
  private var isSparse: Bool {
    info.kind == .file && demuxer.file != nil && demuxer.playlist == nil && live == nil
      && !demuxer.hasMadeUpStamps && demuxer.tileGrid == nil && state == .reading
  }

  /// The frames so far, wanted or not.
  var frameCount: Int { choosing?.plan?.nextIndex ?? counts.frames }

  /// Whether the frames that follow aren't wanted.
  var hasEndedChoice: Bool { choosing?.hasEnded ?? false }

  /// The next frame from the decoder, if it is wanted.
  func takeChosen() throws(MediaError) -> VideoFrame? {
    let number = unsafe decoder.number(of: frame.raw)
    let pts = unsafe stamp(of: frame.raw)
    if choosing?.plan != nil { return try takePlanned(number: number, pts: pts) }
    choosing?.trial?.noteFrame(number: number, pts: pts)
    let picture = unsafe makeFrame(try frame.handOver())
    let choice = choosing?.chooser.choose(t: picture.t)
    if choice != .take { choosing?.lastPassed = (picture.presentationTime, picture.t) }
    if choice == .end {
      choosing?.hasEnded = true
      state = .finished
    } else {
      beginPlan()
    }
    guard choice == .take else { return nil }
    choosing?.hasGivenOut = true
    return picture
  }

  private func takePlanned(number: Int?, pts: Int64?) throws(MediaError) -> VideoFrame? {
    if let number, choosing?.firstNumber == number {
      choosing?.firstNumber = 0
      guard unsafe sd_frame_is_key(frame.raw) != 0 else { throw .lostPlan("no keyframe came") }
    }
    try checkDecoder()
    let arrival: (passed: [DecodingPlan.Decided], frame: DecodingPlan.Decided)?
    do throws(DecodingPlan.Failure) {
      arrival = try choosing?.plan?.noteFrame(number: number, pts: pts)
    } catch {
      throw .lostPlan(error.reason)
    }
    guard let (passed, place) = arrival else {
      if let number { watch.forget(number) }
      frame.clear()
      return nil
    }
    notePassed(passed)
    let picture = unsafe makeFrame(try frame.handOver(), planned: place)
    // What is made up for damage depends on the frames before it.
    if watch.reports.takeComplaint(ofPacket: place.picture.number) || picture.isCorrupt {
      throw .lostPlan("a frame is damaged")
    }
    if place.isWanted {
      choosing?.hasGivenOut = true
      return picture
    }
    choosing?.lastPassed = (place.time, place.t)
    return nil
  }

  /// Notes frames that will not be decoded, in order of presentation.
  private func notePassed(_ frames: [DecodingPlan.Decided]) {
    for frame in frames {
      let picture = frame.picture
      watch.pass(t: frame.t, number: picture.number, isKeyframe: picture.isKeyframe)
      choosing?.lastPassed = (frame.time, frame.t)
    }
  }

  /// Notes a packet that is decoded while there is no plan yet.
  func noteTrial() {
    guard choosing?.trial != nil else { return }
    let picture = readPicture(number: counts.packets)
    choosing?.trial?.add(picture)
    if choosing?.trial?.hasFailed == true { choosing?.trial = nil }
  }

  /// Starts to plan, if packets can be believed.
  private func beginPlan() {
    guard let choosing, let trial = choosing.trial, trial.hasPassed, state == .reading,
      clock.shift == 0
    else { return }
    self.choosing?.plan = DecodingPlan(
      after: trial, chooser: choosing.chooser, clock: clock, number: counts.packets,
      index: counts.frames, hasFreePictures: choosing.parser?.hasFreePictures == true)
    self.choosing?.trial = nil
  }

  /// What the packet tells about its picture; `nil` if that isn't enough.
  private func readPicture(number: Int) -> ReadPicture? {
    choosing?.position = unsafe packet.raw.pointee.pos
    let flags = unsafe packet.raw.pointee.flags
    let isKeyframe = flags & AV_PKT_FLAG_KEY != 0
    guard flags & AV_PKT_FLAG_CORRUPT == 0, unsafe sd_packet_changes_stream(packet.raw) == 0,
      var picture = choosing?.parser?.picture(in: PacketBytes(packet), isKeyframe: isKeyframe)
    else { return nil }
    // Those before the beginning of an edit list are decoded for others only.
    if flags & AV_PKT_FLAG_DISCARD != 0 { picture.isShown = false }
    if !isKeyframe { picture.isStart = false }
    let (stamp, dts, duration) = unsafe (
      packet.raw.pointee.pts, packet.raw.pointee.dts, packet.raw.pointee.duration
    )
    // AVI has times of decoding only, which are those of presentation if pictures are in order.
    let pts = stamp == SD_NO_PTS && choosing?.isInOrder == true ? dts : stamp
    guard pts != SD_NO_PTS, dts != SD_NO_PTS else { return nil }
    return ReadPicture(
      number: number, pts: pts, dts: dts, duration: max(0, duration), isKeyframe: isKeyframe,
      picture: picture)
  }
}

extension VideoReader {
  /// Reads packets until one has to be decoded, or is of another stream; `nil` if the decoder has
  /// to start anew before it.
  func readPlanned() throws(MediaError) -> FormatContext.ReadOutcome? {
    while true {
      try checkDecoder()
      switch choosing?.plan?.next() {
      case .passOn(let next):
        try refer(to: next)
        return .packet
      case .decode(let next, let number, let isFree):
        try refer(to: next)
        choosing?.current = (number, isFree)
        return .packet
      case .restart:
        choosing?.firstNumber = -1
        return nil
      case nil: break
      }
      if choosing?.isAtEnd == true || choosing?.plan?.isComplete == true { return .end }
      if try jump() { continue }
      let outcome = try demuxer.read(into: packet)
      do throws(DecodingPlan.Failure) {
        switch outcome {
        case .packet: try plan()
        case .end where demuxer.transportError == nil:
          try choosing?.plan?.noteEnd()
          choosing?.isAtEnd = true
        case .end, .unfinished, .broken: throw DecodingPlan.Failure("it breaks off")
        }
      } catch {
        throw .lostPlan(error.reason)
      }
      notePassed(choosing?.plan?.takePassed() ?? [])
    }
  }

  private func refer(to next: Packet) throws(MediaError) {
    packet.clear()
    try check(unsafe av_packet_ref(packet.raw, next.raw), "av_packet_ref", source: demuxer.source)
  }

  /// Takes the packet that was just read into the plan.
  private func plan() throws(DecodingPlan.Failure) {
    let index = unsafe Int(packet.raw.pointee.stream_index)
    // What a video may go on in has an order with it.
    if demuxer.isBeside(videoIndex, index) || watch.reports.takeSkipped() {
      throw DecodingPlan.Failure("it is damaged or joined")
    }
    guard index == videoIndex else {
      let held = try hold(demuxer.timeBase(ofStream: index))
      choosing?.plan?.add(held)
      return
    }
    try land()
    watch.add(packet, number: counts.packets + 1)
    guard unsafe packet.raw.pointee.size > 0 else { return }
    counts.sentPacket()
    guard let picture = readPicture(number: counts.packets) else {
      throw DecodingPlan.Failure("what comes of a packet is not known")
    }
    let held = try hold(info.timeBase)
    try choosing?.plan?.add(held, picture)
  }

  /// The packet, to be kept.
  private func hold(_ timeBase: TimeBase) throws(DecodingPlan.Failure) -> Packet {
    do throws(MediaError) {
      return unsafe try Packet(referencing: packet.raw, timeBase: timeBase)
    } catch {
      // Holding less takes less memory.
      throw DecodingPlan.Failure("there is no memory for more packets")
    }
  }

  /// Sends the packet that the plan has given.
  func sendPlanned() {
    guard let (number, isFree) = choosing?.current else { return }
    if choosing?.firstNumber == -1 { choosing?.firstNumber = number }
    choosing?.decodedPackets += 1
    decoder.mark(number, watch.reports)
    decoder.setLeavesOutFree(isFree)
    do {
      try decoder.send(packet, number: Int64(number))
    } catch {
      noteError()
    }
  }

  /// - Throws: The error `lostPlan` if the decoder has met damage.
  private func checkDecoder() throws(MediaError) {
    if choosing?.hasFailed != false { throw .lostPlan("a packet could not be decoded") }
  }

  /// - Throws: The error `lostPlan` if the decoder, which has given out all it had, has left
  ///   something out.
  private func checkFrames() throws(MediaError) {
    try checkDecoder()
    if choosing?.plan?.lacksFrames != false { throw .lostPlan("a frame did not come") }
  }

  /// Goes on after the decoder has given out what it had.
  func restart() throws(MediaError) {
    try checkFrames()
    decoder.flush()
    state = .reading
  }

  /// Whether the frames that are wanted have come, and what follows isn't read; the decoder has
  /// given out all it had.
  func endsChosen() throws(MediaError) -> Bool {
    guard let hasEnded = choosing?.plan?.hasEnded else { return false }
    try checkFrames()
    notePassed(choosing?.plan?.takePassed() ?? [])
    counts.frames = frameCount
    choosing?.hasEnded = hasEnded
    return hasEnded
  }
}
