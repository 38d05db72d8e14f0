package import Geometry

/// One object from its first frame to its last.
package struct TrackDigest: Sendable {
  /// A stretch of time in seconds.
  package struct Span: Hashable, Sendable {
    /// Where it begins.
    package var start: Double
    /// Where it ends.
    package var end: Double
  }

  /// The frame in which the object is seen best.
  package struct Sight: Hashable, Sendable {
    /// Seconds from the first frame of the source.
    package var t: Double
    /// Where the object is, in pixels of a frame of the size below.
    package var box: PixelBox
    /// Width of the frame.
    package var width: Int
    /// Height of the frame.
    package var height: Int
    /// How good the picture should be; more is better.
    var quality: Double
  }

  /// Its number in the source.
  package let id: Int
  /// When it is seen first.
  package private(set) var start: Double
  /// When it is seen last.
  package private(set) var end: Double
  /// The frames that it is in.
  package private(set) var frames = 0
  /// The highest confidence with which it was detected.
  package private(set) var bestConfidence = 0.0
  /// Where it is seen best; `nil` if the size of its frames isn't known.
  package private(set) var sight: Sight?
  /// When it is there, without the times in which it isn't seen.
  package private(set) var spans: [Span]
  /// The class that it most likely has: a vote that needs no memory of the others (Boyer and Moore
  /// 1981).
  package private(set) var classIndex: Int
  private var lead = 0

  /// The most stretches of time that are told apart.
  private static let mostSpans = 64

  init(id: Int, at t: Double, classIndex: Int) {
    self.id = id
    self.classIndex = classIndex
    (start, end) = (t, t)
    spans = [Span(start: t, end: t)]
  }

  /// Seconds from the first frame to the last.
  package var length: Double { end - start }

  /// The object is seen again; it was away if that is more than `pause` seconds later.
  mutating func see(at t: Double, pause: Double) {
    frames += 1
    start = min(start, t)
    let last = spans.count - 1
    if t - end > pause, spans.count < Self.mostSpans {
      spans.append(Span(start: t, end: t))
    } else if t > end {
      spans[last].end = t
    } else if t < spans[0].start {
      spans[0].start = t
    }
    end = max(end, t)
  }

  mutating func vote(for classIndex: Int) {
    if classIndex == self.classIndex {
      lead += 1
    } else if lead == 0 {
      (self.classIndex, lead) = (classIndex, 1)
    } else {
      lead -= 1
    }
  }

  /// The detector reports it with a confidence.
  mutating func detect(_ confidence: Double) { bestConfidence = max(bestConfidence, confidence) }

  /// The better of two pictures is kept, the earlier one if they are as good.
  mutating func show(_ sight: Sight) {
    if sight.quality > self.sight?.quality ?? 0 { self.sight = sight }
  }
}

extension TrackDigest.Sight {
  /// A picture of a box: large, certain and whole is good.
  init?(t: Double, box: PixelBox, confidence: Double, width: Int, height: Int) {
    let (right, bottom) = (box.x + box.width, box.y + box.height)
    guard box.width >= 2, box.height >= 2, right > 0, bottom > 0, box.x < Double(width),
      box.y < Double(height)
    else { return nil }
    let isCut =
      box.x <= 1 || box.y <= 1 || right >= Double(width - 1) || bottom >= Double(height - 1)
    let share = box.area / (Double(width) * Double(height))
    self.init(
      t: t, box: box, width: width, height: height,
      quality: confidence * share.squareRoot() * (isCut ? 0.5 : 1))
  }
}
