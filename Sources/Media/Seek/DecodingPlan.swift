/// Decides which packets of a video are decoded, so that the frames that are wanted are what they
/// would be if all were.
///
/// Packets wait until the group that they belong to is complete: the pictures from one at which a
/// decoder can start up to the next. By then it is known which frames of the group are wanted, and
/// all packets behind the last of them are passed over.
struct DecodingPlan {
  /// What is to be done next.
  enum Step {
    /// A packet of another stream is passed on.
    case passOn(Packet)
    /// A packet is decoded; of one that is free the picture isn't needed for anything.
    case decode(Packet, number: Int, isFree: Bool)
    /// The decoder gives out what it has, and starts anew.
    case restart
  }

  /// A frame of which it is known whether it is wanted.
  struct Decided {
    var picture: ReadPicture
    var index: Int
    var time: PresentationTime
    var t: Double
    var isWanted: Bool
  }

  struct Held {
    let packet: Packet
    /// The number of a picture; `nil` for another stream's packet.
    let number: Int?
  }

  struct Start {
    var number: Int
    var pts: Int64
    var isOpen = false
  }

  var chooser: any FrameChooser
  var clock: FrameClock
  var nextIndex: Int
  private var steps: [Step] = []
  private var stepsTaken = 0
  var held: [Held] = []
  var heldBytes = 0
  /// Frames of which earlier ones may still come, by their times.
  var undecided: [ReadPicture] = []
  /// Frames in order of presentation that were not passed by yet.
  var decided: [Decided] = []
  /// The numbers of pictures whose frames have to come.
  var awaited: Set<Int> = []
  /// Wanted frames whose groups are still held.
  var unclaimed: [Start] = []
  /// The numbers of pictures in held packets whose frames aren't wanted.
  var unwanted: Set<Int> = []
  /// Where groups begin: the present one's, and that of the next.
  var starts: [Start]
  private var headers: CodedPicture.Headers
  var lastDTS: Int64
  var lastPTS: Int64
  private(set) var delay: Int64
  /// The last picture of those that have to be decoded as far as is known.
  var needed = 0
  /// The last picture that is decoded.
  var sent: Int
  /// Whether the decoder has nothing of earlier pictures.
  var isFresh = false
  /// Whether the present group is too long to be held.
  var isFlowing = true
  private var usesFreePictures: Bool
  var hasJumped = false
  /// Whether no frame after those that were decided about is wanted.
  private(set) var hasEnded = false
  private var lastNumber: Int

  /// A group of more packets, or bytes, is decoded as a whole.
  private static let mostHeld = 6_000
  private static let mostBytes = 64 << 20
  /// So many pictures behind an open start bring out all that are presented before it.
  private static let openCount = 32

  /// Goes on after a trial that has passed; `number` is that of the last picture, `index` that of
  /// the next frame.
  init(
    after trial: DecodingTrial, chooser: any FrameChooser, clock: FrameClock, number: Int,
    index: Int, hasFreePictures: Bool
  ) {
    self.chooser = chooser
    self.clock = clock
    nextIndex = index
    (sent, lastNumber) = (number, number)
    starts = [Start(number: 0, pts: .min)]
    headers = trial.headers
    lastDTS = trial.lastDTS ?? .max
    lastPTS = trial.lastPTS
    delay = trial.delay
    undecided = trial.waiting.sorted { $0.pts < $1.pts }
    usesFreePictures = hasFreePictures && !trial.isLayered
    isFlowing = false
  }

  /// Why the plan can't go on.
  struct Failure: Error {
    let reason: StaticString

    init(_ reason: StaticString) { self.reason = reason }
  }
}

extension DecodingPlan {
  /// The next step; `nil` if more has to be read.
  mutating func next() -> Step? {
    guard stepsTaken < steps.count else {
      (steps, stepsTaken) = ([], 0)
      return nil
    }
    defer { stepsTaken += 1 }
    return steps[stepsTaken]
  }

  /// Whether everything has been read that is needed for the frames that are wanted.
  var isComplete: Bool { hasEnded && lastNumber >= needed }

  /// Adds a packet of another stream.
  mutating func add(_ packet: Packet) {
    if hasEnded { return }
    hold(Held(packet: packet, number: nil))
  }

  /// Adds the next picture.
  mutating func add(_ packet: Packet, _ picture: ReadPicture) throws(Failure) {
    guard picture.pts >= picture.dts, picture.dts >= lastDTS else {
      throw Failure("times are out of order")
    }
    lastDTS = picture.dts
    lastNumber = picture.number
    if hasEnded { return release(Held(packet: packet, number: picture.number), isNeeded: true) }
    delay = max(delay, picture.pts.saturatingSubtract(picture.dts))
    headers.formUnion(picture.picture.headers)
    if picture.picture.isLayered { usesFreePictures = false }
    // Everything before a start has to be presented before it.
    if picture.picture.isStart, picture.pts > lastPTS, picture.picture.headers == headers {
      starts.append(
        Start(number: picture.number, pts: picture.pts, isOpen: picture.picture.isOpen))
    } else if starts.isEmpty {
      throw Failure("a keyframe depends on what is before it")
    }
    lastPTS = max(lastPTS, picture.pts)
    if picture.picture.isShown {
      let place = undecided.lastIndex { $0.pts <= picture.pts }.map { $0 + 1 } ?? 0
      undecided.insert(picture, at: place)
    }
    hold(Held(packet: packet, number: picture.number))
    try decide(upTo: lastDTS)
    if hasEnded { return finish() }
    while starts.count > 1, lastDTS >= starts[1].pts { releaseGroup() }
    if starts.count == 1, held.count > Self.mostHeld || heldBytes > Self.mostBytes {
      isFlowing = true
      let all = held
      (held, heldBytes) = ([], 0)
      for item in all { release(item, isNeeded: true) }
    }
  }

  private mutating func hold(_ item: Held) {
    if isFlowing, starts.count == 1 { return release(item, isNeeded: true) }
    held.append(item)
    heldBytes += item.packet.byteCount
  }

  /// Notes that nothing follows: the last group is decoded as a whole, so that it shows if the end
  /// is damaged.
  mutating func noteEnd() throws(Failure) {
    if hasEnded { return }
    try decide(upTo: .max)
    if hasEnded { return finish() }
    while starts.count > 1 { releaseGroup() }
    guard let last = starts.first else { return }
    usesFreePictures = false
    for frame in decided where frame.picture.number >= last.number && frame.picture.pts >= last.pts
    {
      awaited.insert(frame.picture.number)
    }
    needed = .max
    releaseGroup()
  }

  /// Releases what the frames that are wanted need.
  private mutating func finish() {
    while !starts.isEmpty { releaseGroup() }
  }

  /// Whether any of the frames that have to come is of a picture that has been decoded.
  var lacksFrames: Bool { awaited.contains { $0 <= sent } }
}

extension DecodingPlan {
  /// Decides about frames up to a time; no packet with an earlier one may follow.
  mutating func decide(upTo limit: Int64) throws(Failure) {
    var count = 0
    for picture in undecided where !hasEnded {
      guard picture.pts <= limit else { break }
      count += 1
      if hasJumped {
        clock.jump(to: picture.pts)
        hasJumped = false
      }
      let (time, t) = clock.place(picture.pts, duration: picture.duration)
      guard time.pts == picture.pts else { throw Failure("its clock breaks") }
      let choice = chooser.choose(t: t)
      decided.append(
        Decided(picture: picture, index: nextIndex, time: time, t: t, isWanted: choice == .take))
      nextIndex += 1
      switch choice {
      case .take:
        awaited.insert(picture.number)
        unclaimed.append(Start(number: picture.number, pts: picture.pts))
      case .skip: if picture.number > sent { unwanted.insert(picture.number) }
      case .end: hasEnded = true
      }
    }
    undecided.removeFirst(count)
  }

  /// Releases the packets of the first group, up to the last that is needed.
  private mutating func releaseGroup() {
    let next = starts.count > 1 ? starts[1] : Start(number: .max, pts: .max)
    let (group, isOpen) = starts.first.map { ($0.number, $0.isOpen) } ?? (0, false)
    unclaimed.removeAll { frame in
      guard frame.pts < next.pts else { return false }
      needed = max(needed, frame.number)
      // A decoder that is asked for the rest ends with the first frame that it doesn't show.
      if isOpen { needed = max(needed, group + Self.openCount) }
      return true
    }
    var count = 0
    for item in held {
      if let number = item.number, number >= next.number { break }
      count += 1
      heldBytes -= item.packet.byteCount
      release(item, isNeeded: item.number.map { $0 <= needed } ?? true)
    }
    held.removeFirst(count)
    starts.removeFirst()
    isFlowing = false
    // What comes next begins at a start, with nothing left from here.
    if next.number < .max, sent < next.number - 1, !isFresh { restart() }
  }

  private mutating func release(_ item: Held, isNeeded: Bool) {
    guard let number = item.number else { return append(.passOn(item.packet)) }
    let isUnwanted = unwanted.remove(number) != nil
    guard isNeeded else { return }
    append(.decode(item.packet, number: number, isFree: usesFreePictures && isUnwanted))
    sent = number
    isFresh = false
  }

  mutating func restart() {
    append(.restart)
    isFresh = true
  }

  private mutating func append(_ step: Step) { steps.append(step) }
}
