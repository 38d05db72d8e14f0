/// The constants of the motion model and of the association.
///
/// Lengths are in units of the box's side along an axis, or of its mean side, the square root of
/// its area; times are in seconds. They were tuned on drawn sequences (`docs/tracking.md`).
package struct TrackerTuning: Sendable {
  // Motion
  /// Standard deviation of an observed centre, in sides.
  package var positionNoise = 0.05
  /// Standard deviation of an observed size, in sides.
  package var sizeNoise = 0.045
  /// Growth of the velocity's deviation, in mean sides per second in one second.
  package var acceleration = 0.26
  /// Standard deviation of a new track's velocity, in mean sides per second.
  package var firstVelocity = 0.8
  /// Growth of the size's deviation in one second, in sides.
  package var growth = 0.022
  /// How much more a track that turns or stops may accelerate.
  package var manoeuvre = 3.5
  /// The share of a new innovation in their running mean.
  package var manoeuvreRate = 0.5
  /// The smallest running mean, in standard deviations, that shows a manoeuvre.
  package var manoeuvreLimit = 0.8

  // Association
  /// What it costs to leave a track and an observation unmatched.
  package var gate = 14.0
  /// The same, for observations with low scores.
  package var lowGate = 7.0
  /// The largest squared distance in standard deviations.
  package var farthest = 40.0
  /// The largest squared deviation that one axis of the size counts for.
  package var sizeCap = 14.0
  /// What it costs to match another class.
  package var classCost = 2.0
  /// What a match with a track that isn't confirmed costs more.
  package var tentativeCost = 1.0
  /// How far an object may stray from its last observation, in mean sides per second unseen.
  package var recovery = 0.4
  /// The same, for no time unseen.
  package var recoveryBase = 0.36

  // Life
  /// The number of scores that the median needs.
  package var confirmCount = 3
  /// The score that confirms a track at once.
  package var certainScore = 0.65
  /// How long a track that isn't confirmed may be unseen.
  package var tentativeTTL = 0.4
  /// How much longer a box is predicted than its object was followed.
  package var coastBase = 0.2
  /// How long the box of a track is predicted whose scores are low.
  package var uncertainCoast = 0.3
  /// The median score below which an unseen track is given up.
  package var dropScore = 0.3
  /// How long a stationary object's box is predicted.
  package var stationaryCoast = 6.0
  /// The longest gap between two frames that a track outlasts, as a multiple of its `ttl`.
  package var longestGap = 2.5
  /// How long a stationary track is kept.
  package var stationaryTTL = 10.0
  /// After how long in its place an object is stationary.
  package var stationaryAfter = 2.0
  /// How far it may stray in that time, in mean sides.
  package var stationaryRange = 0.15
  /// The share of the acceleration that is left to a stationary object.
  package var stationaryAcceleration = 0.05
  /// The time constant of its coming to rest.
  package var stationaryRest = 0.5
  /// How much of the time counts in which an object is hidden behind others.
  package var hiddenTime = 0.4
  /// How much of the time counts in which the detector sees nothing at all.
  package var silentTime = 0.4
  /// The least visible share of a predicted box.
  package var leastInside = 0.3
  /// The visible share below which an unseen object has left.
  package var goneInside = 0.05

  // Camera
  /// The share of a median innovation that corrects the camera's velocity.
  package var cameraRate = 0.25
  /// How many objects it takes to tell the camera's motion.
  package var cameraCount = 4.0
  /// The share of a new median in their running mean.
  package var cameraEvidence = 0.1
  /// The running mean, in standard deviations, that shows that the camera moves.
  package var cameraLimit = 1.2
  /// The mean speed below which it has stopped, in mean sides per second.
  package var cameraStill = 0.15
  /// The time constant of that mean.
  package var cameraMemory = 3.0
  /// How long ago an object that tells the motion may have been seen before.
  package var cameraGap = 0.5
  /// The time constant of coming to rest when no object tells the motion.
  package var cameraRest = 5.0

  // Offline
  /// How many seconds are written at a time.
  package var block = 2.0
  /// How much before and after is smoothed with a block.
  package var smoothingContext = 2.5
  /// Growth of the velocity's deviation, as `acceleration`, for smoothing.
  package var smoothing = 0.3
  /// The longest gap between fragments that are joined.
  package var joinGap = 4.0
  /// How long a fragment is watched before it is joined.
  package var joinEvidence = 1.0
  /// How far apart ends may be, in mean sides.
  package var joinBase = 0.4
  /// The same, for each second of the gap.
  package var joinRate = 0.5
  /// How much the sizes of fragments may differ.
  package var joinShape = 0.6
  /// What it costs to join fragments of different classes.
  package var joinClass = 0.5
  /// How long a path is continued before its first sighting.
  package var extendBefore = 0.15
  /// How long a path is continued after its last sighting.
  package var extendAfter = 0.3

  package init() {}

  /// How much more a track may accelerate whose innovations, in standard deviations, have `drift`
  /// as their running mean.
  func boost(drift: Double) -> Double {
    let excess = drift.magnitude - manoeuvreLimit
    return excess > 0 ? (1 + manoeuvre * excess) * (1 + manoeuvre * excess) : 1
  }
}
