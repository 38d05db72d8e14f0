/// How many objects of each class a source shows over time, in bins of equal length.
///
/// The bins are as short as the length of the source allows: when it has too many, each two become
/// one.
package struct Course: Sendable {
  /// The time at which the first bin begins, in seconds.
  package private(set) var origin = 0.0
  /// The length of a bin in seconds.
  package private(set) var width = 1.0 / 16
  /// The frames of each bin.
  package private(set) var frames: [UInt32] = []
  /// The most objects that one frame of each bin has, by class; bins at the end may be missing.
  package private(set) var peaks: [[UInt16]] = []

  /// The most bins.
  static let most = 1 << 14

  init() {}

  /// Adds a frame at a time, with the number of its objects for each class that it has.
  mutating func add(_ t: Double, _ counts: [(class: Int, count: Int)]) {
    if frames.isEmpty { origin = t }
    // A time before the first one counts as that.
    let since = max(t - origin, 0)
    while since >= width * Double(Self.most) { halve() }
    let bin = Int(since / width)
    Self.extend(&frames, to: bin)
    frames[bin] &+= 1
    for (index, count) in counts {
      while peaks.count <= index { peaks.append([]) }
      Self.extend(&peaks[index], to: bin)
      peaks[index][bin] = max(peaks[index][bin], UInt16(clamping: count))
    }
  }

  /// The same in bins that are no shorter than `seconds`, and no more than `count`.
  package func coarsened(to count: Int, least seconds: Double) -> Course {
    var course = self
    while course.frames.count > max(count, 1) || course.width < seconds, course.frames.count > 1 {
      course.halve()
    }
    return course
  }

  private mutating func halve() {
    frames = Self.paired(frames) { $0 &+ $1 }
    for index in peaks.indices { peaks[index] = Self.paired(peaks[index], max) }
    width *= 2
  }

  private static func paired<Value: FixedWidthInteger>(
    _ values: [Value], _ join: (Value, Value) -> Value
  ) -> [Value] {
    stride(from: 0, to: values.count, by: 2).map { first in
      first + 1 < values.count ? join(values[first], values[first + 1]) : values[first]
    }
  }

  private static func extend<Value: FixedWidthInteger>(_ values: inout [Value], to bin: Int) {
    if values.count <= bin { values += [Value](repeating: 0, count: bin + 1 - values.count) }
  }
}
