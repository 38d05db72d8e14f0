import CFFmpeg

/// Compares what a source delivers with what it declares.
struct DeliveryWatch {
  let reports: DamageReports
  private let declaration: Declaration
  private let timeBase: TimeBase
  private var gaps: GapWatch
  /// The packets of the video so far.
  private(set) var packets = 0
  private var firstTime: Int64?
  private var lastTime: Int64?
  /// The numbers of packets that followed something damaged.
  private var damaged = RecentNumbers()
  /// The numbers of packets that the decoder returned an error for.
  private var undecoded = RecentNumbers()
  /// The numbers of packets whose frames are damaged.
  private var corrupt = RecentNumbers()
  /// Whether the analysis of the streams met damage; its packets come first.
  private let beginsDamaged: Bool
  private var lastNumber = 0
  private var lastFrame = (number: 0, isCorrupt: false)
  private var lastT = 0.0
  private var hasKeyframe = false
  /// Where the first frame was that refers to one which never came.
  private var firstWithoutReference: Double?
  /// Whether a frame without damage has come.
  private var hasWholeFrame = false
  /// Packets after the first frame of which no frame is to be shown.
  private(set) var discarded = 0
  /// Where the first damaged frame of a bare stream was.
  private var firstDamaged: Double?
  /// Where the last packet was in the file.
  private(set) var lastPosition: Int64 = -1
  /// Bytes that belong to no picture.
  private var strayBytes = 0
  /// Packets in a row of another video: now, when there were last many, and how many of this video
  /// followed those.
  private var others = (run: 0, many: 0, followers: 0)

  /// A frame is held to follow damage that was met within so many packets of its own: frames leave
  /// a decoder in another order than their packets enter it.
  private static let reach = 32

  /// The analysis of the streams reads so many seconds at most.
  private static let analysis = 10.0

  init(_ declaration: Declaration, timeBase: TimeBase, reports: DamageReports) {
    self.reports = reports
    beginsDamaged = reports.takeSkipped()
    self.declaration = declaration
    self.timeBase = timeBase
    gaps = GapWatch(isContinuous: declaration.isContinuous)
  }

  /// Notes a packet of the video, which may be empty.
  mutating func add(_ packet: borrowing PacketBuffer, number: Int) {
    packets += 1
    others = (0, others.many, others.followers + 1)
    let isCorrupt = unsafe packet.raw.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
    if reports.takeSkipped() || isCorrupt { noteDamage(number) }
    lastNumber = number
    if declaration.isMotionJPEG { strayBytes += PacketBytes(packet).strayBytes }
    // Those before it lie before the start of an edit list.
    if hasWholeFrame, unsafe packet.raw.pointee.flags & AV_PKT_FLAG_DISCARD != 0 { discarded += 1 }
    lastPosition = unsafe max(lastPosition, packet.raw.pointee.pos)
    let (pts, dts) = unsafe (packet.raw.pointee.pts, packet.raw.pointee.dts)
    guard let time = [pts, dts].first(where: { $0 != SD_NO_PTS }) else { return }
    let end = unsafe time.saturatingAdd(max(0, packet.raw.pointee.duration))
    firstTime = min(firstTime ?? time, time)
    lastTime = max(lastTime ?? end, end)
  }

  /// Notes a packet of what the video may go on in, where files are joined.
  mutating func noteOtherVideo() {
    others.run += 1
    if others.run > GapWatch.mostFailed { others = (others.run, others.run, 0) }
  }

  /// Notes that damaged data was skipped before the packet with `number`.
  mutating func noteDamage(_ number: Int) {
    damaged.add(number)
  }

  /// Notes that the decoder returned an error around the packet with `number`.
  mutating func noteUndecoded(_ number: Int) {
    undecoded.add(number)
    noteDamage(at: lastT)
  }

  /// Notes where a bare stream is damaged; it may have been joined before its first keyframe.
  private mutating func noteDamage(at t: Double) {
    if declaration.isBare, hasWholeFrame { firstDamaged = firstDamaged ?? t }
  }

  /// Notes a frame in order of presentation, at `t` seconds, from the packet with `number`, and
  /// returns whether it is damaged.
  mutating func add(_ frame: UnsafePointer<AVFrame>, t: Double, number: Int) -> Bool {
    let flags = unsafe frame.pointee.flags & AV_FRAME_FLAG_CORRUPT
    let isMarked = unsafe flags != 0 || frame.pointee.decode_error_flags != 0
    // A stream that is joined between two keyframes lacks some at its start.
    let lacksReference =
      reports.takeMissingReference(upToPacket: number) && declaration.hasNoTimes && hasKeyframe
      && !declaration.allowsGaps
    if lacksReference { firstWithoutReference = firstWithoutReference ?? t }
    let isKey = unsafe sd_frame_is_key(frame) != 0
    hasKeyframe = hasKeyframe || isKey
    let isCorrupt = reports.takeDamage(ofPacket: number) || isMarked || lacksReference
    // What a decoder can't decode is counted; only where frames follow each other without an index
    // does it show that some are missing.
    if isCorrupt {
      corrupt.add(number)
      noteDamage(at: t)
    } else {
      hasWholeFrame = true
    }
    if isCorrupt, declaration.isContinuous { noteDamage(number) }
    let startsAnew = declaration.mayBeJoined && isKey
    noteTime(t, number: number, startsAnew: startsAnew)
    if number >= lastFrame.number { lastFrame = (number, isCorrupt) }
    return isCorrupt
  }

  /// Notes a frame that isn't decoded, in order of presentation.
  mutating func pass(t: Double, number: Int, isKeyframe: Bool) {
    noteTime(t, number: number, startsAnew: declaration.mayBeJoined && isKeyframe)
  }

  /// Forgets what was said about a packet whose frame nobody wants.
  func forget(_ number: Int) {
    _ = (reports.takeDamage(ofPacket: number), reports.takeComplaint(ofPacket: number))
  }

  /// Notes that so many packets are passed over, and the frames with them.
  mutating func jump(packets count: Int) {
    packets += count
    gaps.jump()
  }

  private mutating func noteTime(_ t: Double, number: Int, startsAnew: Bool) {
    let isDamaged = damaged.isNear(number, reach: Self.reach)
    let follows = isDamaged || beginsDamaged && t < Self.analysis
    gaps.add(
      t, followsDamage: follows && !startsAnew || declaration.isNumbered,
      followsError: undecoded.isNear(number, reach: Self.reach),
      isBesideCorrupt: corrupt.isNear(number, reach: Self.reach))
    lastT = t
  }

  /// What is missing of a source, after its last frame.
  ///
  /// `isRest` says that the part before came over an earlier connection.
  func missingPart(
    of demuxer: borrowing FormatContext, at location: Location, _ kind: SourceKind, isRest: Bool
  ) -> Shortfall? {
    if let missing = unsafe NestedInputs.of(demuxer.raw)?.missingPart { return missing }
    if isRest { return nil }
    let missing = missingPart(isNetwork: location.scheme != nil)
    // What is pushed goes on without us, so only its length tells.
    return kind == .file || missing?.kind == .truncated ? missing : nil
  }

  /// What is missing, after the last frame; `isNetwork` says whether it may be there next time.
  private func missingPart(isNetwork: Bool) -> Shortfall? {
    let usual = gaps.usual ?? 0.04
    // What came by the packets' own times, and by those of the frames, which are repaired.
    let span = lastTime.map { timeBase.seconds($0.saturatingSubtract(firstTime ?? $0)) } ?? 0
    let end = declaration.startsAtZero ? lastTime.map(timeBase.seconds) ?? 0 : 0
    let delivered = max(span, lastT + usual, end)
    // The last packets of a stream are held back until the file ends.
    if others.many > 0, others.followers < 4 {
      return Shortfall(
        .truncated,
        "Its video ends after \(text(lastT + usual)); \(others.many) frames of another one that "
          + "follows are left out.")
    }
    if let declared = declaration.seconds {
      let missing = declared - delivered
      if missing > max(tolerance(declared), 2.5 * usual) {
        let lost = reports.lostFragments
        if lost > 0, let lastTime, timeBase.seconds(lastTime) > declared - missing / 2 {
          return Shortfall(
            .gaps, "\(lost) of its fragments could not be opened.", isTransient: isNetwork)
        }
        return Shortfall(
          .truncated, "\(text(missing)) of its \(text(declared)) are missing at the end.",
          isTransient: isNetwork)
      }
    }
    if let first = gaps.found.first { return gap(first, isNetwork) }
    if let first = firstWithoutReference {
      return Shortfall(
        .gaps, "Frames to which others refer are missing, first after \(text(first)).",
        isTransient: isNetwork)
    }
    if let first = firstDamaged, packets > 1 {
      return Shortfall(
        .gaps, "It is damaged after \(text(first)), where frames may be missing.",
        isTransient: isNetwork)
    }
    // What is behind a single picture, such as the film of a moving photograph, is no loss.
    if strayBytes > 0, packets > 1 {
      return Shortfall(
        .gaps, "\(strayBytes) bytes in it are no part of a picture.", isTransient: isNetwork)
    }
    if undecoded.isNear(lastNumber, reach: Self.reach) {
      let undecodedEnd = span - (lastT + usual)
      if gaps.isLong(undecodedEnd) {
        return Shortfall(
          .gaps, "\(text(undecodedEnd)) could not be decoded.", isTransient: isNetwork)
      }
      // Times that start again say nothing about the end.
      let lost = lastNumber - lastFrame.number
      if lost > GapWatch.mostFailed {
        return Shortfall(
          .gaps, "Its last \(lost) frames could not be decoded.", isTransient: isNetwork)
      }
    }
    if let declared = declaration.packets {
      let missing = declared - packets
      if missing > max(1, declared / 200) {
        return Shortfall(
          .gaps, "\(missing) of its \(declared) frames are missing.", isTransient: isNetwork)
      }
    }
    return nil
  }

  /// The seconds that may be missing of those that are declared.
  private func tolerance(_ declared: Double) -> Double {
    // A fragment that could not be opened may have been one of sound; then nothing is missing.
    if reports.lostFragments > 0 { return 0.1 }
    let usual = max(1, declared * 0.02)
    return gaps.isRegular ? declaration.tolerance ?? usual : usual
  }

  private func gap(_ first: GapWatch.Hole, _ isNetwork: Bool) -> Shortfall {
    let holes = gaps.found
    let total = holes.map(\.seconds).reduce(0, +)
    let places = holes.count == 1 ? "" : " in \(holes.count) places"
    return Shortfall(
      .gaps, "\(text(total)) are missing\(places), first after \(text(first.at)).",
      isTransient: isNetwork)
  }

  /// Whether only the last frames are damaged or incomplete: the end is cut off between them.
  var endsInFrame: Bool {
    let isLastDamaged =
      lastFrame.isCorrupt && lastFrame.number == lastNumber
      && !damaged.hasAny(below: lastNumber - Self.reach)
    return isLastDamaged || isLastUndecoded || gaps.endsInGroup
  }

  /// Whether nothing but the end of a bare stream could not be decoded.
  private var isLastUndecoded: Bool {
    declaration.isBare && lastFrame.number < lastNumber
      && undecoded.isNear(lastNumber, reach: Self.reach)
      && !undecoded.hasAny(below: lastNumber - Self.reach)
  }

  private func text(_ seconds: Double) -> String {
    let hundredths = Int(min(seconds, 1e9) * 100 + 0.5)
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
