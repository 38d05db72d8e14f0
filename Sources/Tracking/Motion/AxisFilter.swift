/// A Kalman filter for one axis of a box: the centre moves at a nearly constant velocity, the size
/// changes slowly.
///
/// Time is in seconds, so any frame rate and any gap give the same motion. The model of the centre
/// is that of white-noise acceleration (Bar-Shalom et al. 2001, "Estimation with Applications to
/// Tracking and Navigation", section 6.2); the size is a random walk, independent of it.
struct AxisFilter: Hashable, Sendable {
  /// Centre, in pixels.
  var position: Double
  /// Pixels per second.
  var velocity = 0.0
  /// Width or height, in pixels.
  var size: Double
  /// Variance of `position`.
  var positionVariance: Double
  /// Covariance of `position` and `velocity`.
  var covariance = 0.0
  /// Variance of `velocity`.
  var velocityVariance: Double
  /// Variance of `size`.
  var sizeVariance: Double

  /// Predicts the state `seconds` later.
  ///
  /// `acceleration` is the spectral density of the velocity's noise in pixels²/s³, `growth` that of
  /// the size's in pixels²/s.
  mutating func predict(_ seconds: Double, acceleration: Double, growth: Double) {
    position += velocity * seconds
    let noise = acceleration * seconds
    positionVariance +=
      seconds * (2 * covariance + seconds * velocityVariance) + noise * seconds * seconds / 3
    covariance += seconds * velocityVariance + noise * seconds / 2
    velocityVariance += noise
    sizeVariance += growth * seconds
  }

  /// Takes in an observed centre of the given variance.
  mutating func updatePosition(_ observed: Double, variance: Double) {
    let gain = 1 / (positionVariance + variance)
    let innovation = (observed - position) * gain
    position += positionVariance * innovation
    velocity += covariance * innovation
    velocityVariance -= covariance * covariance * gain
    covariance *= variance * gain
    positionVariance *= variance * gain
  }

  /// Takes in an observed size of the given variance.
  mutating func updateSize(_ observed: Double, variance: Double) {
    let gain = sizeVariance / (sizeVariance + variance)
    size += gain * (observed - size)
    sizeVariance *= 1 - gain
  }
}
