internal import Geometry

/// Whether an object stays in its place.
struct Rest: Sendable {
  /// Where it was when it last moved.
  private var place: Point
  /// Its place without the jitter of its box.
  private var smoothed: Point
  private var since: Double
  private var lastTime: Double
  private(set) var isStationary = false

  /// The time constant of the smoothing, in seconds.
  private static let smoothing = 1.0
  /// How far it may stray, in mean sides.
  private static let range = 0.15

  init(_ box: PixelBox, at time: Double) {
    place = Point(x: box.centreX, y: box.centreY)
    smoothed = place
    since = time
    lastTime = time
  }

  /// Takes in where it is; says whether it is stationary from now on, or moves, if that changes.
  mutating func update(_ box: PixelBox, at time: Double, after limit: Double) -> Bool? {
    let share = 1 - 1 / (1 + (time - lastTime) / Self.smoothing)
    lastTime = time
    smoothed.x += share * (box.centreX - smoothed.x)
    smoothed.y += share * (box.centreY - smoothed.y)
    let way = smoothed - place
    if way.dot(way) > square(Self.range) * box.area {
      place = smoothed
      since = time
    }
    let isStill = time - since >= limit
    guard isStill != isStationary else { return nil }
    isStationary = isStill
    return isStill
  }

  /// Follows a change of the frame's size.
  mutating func scale(_ factor: Point) {
    place = Point(x: place.x * factor.x, y: place.y * factor.y)
    smoothed = Point(x: smoothed.x * factor.x, y: smoothed.y * factor.y)
  }
}
