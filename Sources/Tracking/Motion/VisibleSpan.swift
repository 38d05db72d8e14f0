/// Which part of an object an observation shows along one axis.
struct VisibleSpan: Hashable, Sendable {
  /// The left or upper edge, in pixels.
  var start: Double
  /// Width or height, in pixels.
  var length: Double
  /// Whether the border of the frame cuts off the object's left or upper end.
  var startIsCut = false
  /// Whether it cuts off the right or lower end.
  var endIsCut = false

  /// Describes an observation in a frame that ends at `limit`, if that is known.
  ///
  /// `noise` is the deviation of an observed edge in sides: a detector's edge is near the border,
  /// seldom on it.
  init(start: Double, length: Double, limit: Double?, noise: Double) {
    self.start = start
    self.length = length
    guard let limit else { return }
    let margin = max(2, 2 * noise * length)
    startIsCut = start < margin
    endIsCut = start + length > limit - margin
  }

  /// Whether both ends can be seen.
  var isWhole: Bool { !startIsCut && !endIsCut }

  /// The centre of an object of the given size whose visible end is where it was observed.
  func centre(size: Double) -> Double {
    if startIsCut && !endIsCut { return start + length - size / 2 }
    if endIsCut && !startIsCut { return start + size / 2 }
    return start + length / 2
  }
}
