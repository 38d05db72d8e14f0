internal import Geometry

/// A time at which something happened to an object.
struct Moment: Sendable {
  var time: Double
  /// The first frame at or after it.
  var frame: Int
  /// Where the object was in that frame, or when it was next seen.
  var box: PixelBox
}

/// The way of an object since it was last seen.
struct Way {
  /// When and where it was last seen; `nil` if it's seen for the first time.
  var before: Moment?
  var now: Moment
  /// How far from a border the object is beyond doubt on one side of it, in pixels.
  var margin: Double
  let frames: FrameTimes

  /// The moment at which it had gone so much of its way, 0...1.
  func moment(at share: Double) -> Moment {
    guard let before else { return now }
    let time = before.time + share * (now.time - before.time)
    return Moment(time: time, frame: frames.first(atOrAfter: time) ?? now.frame, box: now.box)
  }
}

/// The times of the last frames.
struct FrameTimes: Sendable {
  private var frames: [(time: Double, number: Int)] = []
  /// The most frames that are kept.
  private static let most = 4096

  /// Adds the next frame; times never fall.
  mutating func add(_ number: Int, at time: Double, keeping seconds: Double) {
    if frames.count >= Self.most || (frames.count > 64 && frames[0].time < time - 2 * seconds) {
      let old = frames.firstIndex { $0.time >= time - seconds } ?? frames.count
      frames.removeFirst(max(old, frames.count - Self.most / 2))
    }
    frames.append((time, number))
  }

  /// The number of the first frame at a time or after it.
  func first(atOrAfter time: Double) -> Int? {
    var (low, high) = (0, frames.count)
    while low < high {
      let middle = (low + high) / 2
      if frames[middle].time < time - 1e-9 { low = middle + 1 } else { high = middle }
    }
    return low < frames.count ? frames[low].number : nil
  }
}
