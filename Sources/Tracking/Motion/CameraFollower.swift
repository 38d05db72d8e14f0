/// Tells the motion of the camera from that of the objects.
///
/// Objects go their own ways, so the median of their innovations is near zero as long as the camera
/// stands still. If it stays on one side for longer than chance would explain, the camera moves;
/// from then on the median corrects the camera's velocity, until that has been near zero for some
/// seconds.
struct CameraFollower: Sendable {
  /// How a matched object deviates from its prediction, in pixels.
  struct Innovation {
    var x: Double
    var y: Double
    /// The mean standard deviation along both axes.
    var deviation: Double
    /// The mean side of the object.
    var side: Double
  }

  /// Pixels per second; zero unless the camera moves.
  private(set) var x = 0.0
  private(set) var y = 0.0
  /// The running means of the median innovations, in their standard deviations.
  private var evidence = (x: 0.0, y: 0.0)
  private var isMoving = false
  /// The running mean of the speed, in mean sides per second.
  private var speed = 0.0

  /// The motion in the next `seconds`; the camera comes to rest if nothing else is seen.
  mutating func predict(_ seconds: Double, _ tuning: TrackerTuning) -> CameraMotion {
    let motion = CameraMotion(x: x * seconds, y: y * seconds)
    let rest = 1 / (1 + seconds / tuning.cameraRest)
    x *= rest
    y *= rest
    return motion
  }

  /// Takes in the innovations of a frame that comes `seconds` after the last.
  mutating func update(_ found: [Innovation], _ seconds: Double, _ tuning: TrackerTuning) {
    guard seconds > 0, Double(found.count) >= tuning.cameraCount else { return }
    let count = Double(found.count)
    let (dx, dy) = (Self.median(found.map(\.x)), Self.median(found.map(\.y)))
    let deviation = found.reduce(0) { $0 + $1.deviation } / count / count.squareRoot()
    evidence.x += tuning.cameraEvidence * (dx / deviation - evidence.x)
    evidence.y += tuning.cameraEvidence * (dy / deviation - evidence.y)
    if !isMoving && square(evidence.x) + square(evidence.y) > square(tuning.cameraLimit) {
      isMoving = true
      speed = 1
    }
    guard isMoving else { return }
    x += tuning.cameraRate * dx / seconds
    y += tuning.cameraRate * dy / seconds
    let side = found.reduce(0) { $0 + $1.side } / count
    let now = (square(x) + square(y)).squareRoot() / side
    speed += min(seconds / tuning.cameraMemory, 1) * (now - speed)
    if speed < tuning.cameraStill { self = CameraFollower() }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }
}
