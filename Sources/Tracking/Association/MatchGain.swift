internal import Geometry

/// What speaks for an observation being of a track.
///
/// The squared distance between prediction and observation, in standard deviations of both, over
/// centre and size (Mahalanobis distance). The deviations grow with the time unseen, and so does
/// the reach of a track.
struct MatchGain {
  let tuning: TrackerTuning
  let frame: FrameSize?

  /// The squared distance along one axis; without the size if the object is cut off.
  @inline(__always)
  func distance(_ axis: AxisFilter, start: Double, length: Double, limit: Double?) -> Double {
    let seen = VisibleSpan(
      start: start, length: length, limit: limit, noise: tuning.positionNoise)
    let larger = max(axis.size, length)
    let variance = axis.positionVariance + square(tuning.positionNoise * larger)
    let distance = square(seen.centre(size: axis.size) - axis.position) / variance
    guard seen.isWhole else { return distance }
    let sizeVariance = axis.sizeVariance + square(tuning.sizeNoise * larger)
    return distance + min(square(length - axis.size) / sizeVariance, tuning.sizeCap)
  }

  /// Positive if the observation may be of an object with these filters.
  @inline(__always)
  func gain(_ x: AxisFilter, _ y: AxisFilter, _ found: BoxObservation, gate: Double) -> Double {
    let box = found.box
    var distance = distance(x, start: box.x, length: box.width, limit: frame?.width)
    guard distance < tuning.farthest else { return 0 }
    distance += self.distance(y, start: box.y, length: box.height, limit: frame?.height)
    guard distance < tuning.farthest else { return 0 }
    return gate - distance / 2
  }
}
