/// Finds holes in a stream of frames: stretches without a frame that should have had some.
struct GapWatch {
  /// A stretch without frames.
  struct Hole: Equatable {
    /// Seconds from the first frame to the last one before it.
    var at: Double
    var seconds: Double
  }

  /// Whether the container has no way to leave frames out, so that a long stretch without any is
  /// a hole even if nothing else shows it.
  let isContinuous: Bool
  /// The latest intervals in turn, the oldest at `oldest` once there are enough.
  private var recent: [Double] = []
  private var oldest = 0
  /// The same intervals by their length.
  private var sorted: [Double] = []
  private var count = 0
  private var irregular = 0
  /// How many frames came before the first irregular interval.
  private var firstIrregular: Int?
  private var frames = 0
  private var holes: [Hole] = []
  private var suspects: [Hole] = []
  private var last: Double?

  /// So many intervals show what is usual.
  private static let window = 31
  private static let mostHoles = 1000
  /// So many frames in a row may fail before they are a hole.
  static let mostFailed = 5

  init(isContinuous: Bool) { self.isContinuous = isContinuous }

  /// Adds a frame at `t` seconds.
  ///
  /// `followsDamage` says whether something was damaged before it, `followsError` whether the
  /// decoder failed there (that a few frames failed is told otherwise), and `isBesideCorrupt`
  /// whether a damaged frame is near.
  mutating func add(
    _ t: Double, followsDamage: Bool, followsError: Bool = false, isBesideCorrupt: Bool = false
  ) {
    defer { last = t }
    frames += 1
    guard let last else { return }
    let interval = t - last
    guard let usual else { return note(interval) }
    let hole = Hole(at: last, seconds: interval - usual)
    // Half a millisecond more than rounding to milliseconds makes of an interval.
    guard interval > 1.6 * usual + 0.0015 else { return note(interval) }
    count += 1
    irregular += 1
    firstIrregular = firstIrregular ?? frames
    if followsDamage || followsError && isLong(hole.seconds) {
      if holes.count < Self.mostHoles { holes.append(hole) }
    } else if isContinuous && interval > max(1, 10 * usual)
      || isBesideCorrupt && isLong(hole.seconds)
    {
      if suspects.count < Self.mostHoles { suspects.append(hole) }
    } else {
      note(interval)
      count -= 1
    }
  }

  /// Forgets the last frame: those after it are not told of.
  mutating func jump() { last = nil }

  private mutating func note(_ interval: Double) {
    count += 1
    if recent.count < Self.window {
      recent.append(interval)
    } else {
      sorted.remove(at: place(of: recent[oldest]))
      recent[oldest] = interval
      oldest = (oldest + 1) % Self.window
    }
    sorted.insert(interval, at: place(of: interval))
  }

  /// The first place among the sorted intervals whose interval isn't shorter.
  private func place(of interval: Double) -> Int {
    sorted.firstIndex { $0 >= interval } ?? sorted.count
  }

  /// The usual interval between frames in seconds, once it is known.
  var usual: Double? { sorted.count < 4 ? nil : sorted[sorted.count / 2] }

  /// Whether more frames have failed in `seconds` than are only counted.
  func isLong(_ seconds: Double) -> Bool {
    usual.map { seconds > (Double(Self.mostFailed) + 0.5) * $0 } ?? false
  }

  /// Whether frames are missing only between the last ones, of a stream that is regular otherwise:
  /// frames that are decoded late and shown early were cut off.
  var endsInGroup: Bool {
    guard isContinuous, let firstIrregular else { return false }
    return frames >= 20 && firstIrregular > frames - 4
  }

  /// Whether at least 95 per cent of the intervals are the usual one.
  var isRegular: Bool { irregular * 20 <= count }

  /// The holes found; suspects only in a stream whose frames are otherwise regular.
  var found: [Hole] {
    (holes + (isRegular ? suspects : [])).sorted { $0.at < $1.at }
  }
}
