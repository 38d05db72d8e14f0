public import Geometry

/// A box with the number of the object that it belongs to.
public struct NumberedBox: Hashable, Sendable {
  /// The number of the object or track.
  public var number: Int
  /// Boxes of different classes never match.
  public var classID: Int
  /// Where it is, in pixels.
  public var box: PixelBox

  /// Creates a box from its parts.
  public init(number: Int, classID: Int = 0, box: PixelBox) {
    self.number = number
    self.classID = classID
    self.box = box
  }
}

/// What is true and what was found in one frame.
public struct TrackedFrame: Hashable, Sendable {
  /// The objects that are there.
  public var truth: [NumberedBox]
  /// The boxes that a tracker reported.
  public var found: [NumberedBox]

  /// Creates a frame from its parts.
  public init(truth: [NumberedBox], found: [NumberedBox]) {
    self.truth = truth
    self.found = found
  }

  /// Leaves out found boxes that lie on objects which count neither for nor against.
  ///
  /// A box is left out if it overlaps one of `ignored` by at least one half and no object of the
  /// truth by as much.
  public mutating func leaveOut(on ignored: [NumberedBox]) {
    guard !ignored.isEmpty else { return }
    found.removeAll { box in
      ignored.contains { $0.overlap(with: box) >= 0.5 }
        && !truth.contains { $0.overlap(with: box) >= 0.5 }
    }
  }
}

extension NumberedBox {
  /// Intersection over union; 0 for different classes.
  func overlap(with other: NumberedBox) -> Double {
    guard classID == other.classID else { return 0 }
    return box.overlap(with: other.box, isCrowd: false)
  }
}
