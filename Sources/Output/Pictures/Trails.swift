internal import Geometry
internal import Pipeline
internal import SSDLite

/// Where the tracked objects of a source stood in the last seconds.
struct Trails {
  /// A foot point, in fractions of the frame.
  struct Point {
    var x: Float
    var y: Float
  }

  /// How long a point is kept.
  private static let seconds = 2.0
  /// The most points that are kept, for sources whose time stands still.
  private static let mostPoints = 10_000

  private var past: [(t: Double, id: Int, point: Point)] = []

  /// The points with the numbers of their tracks, from the oldest on.
  var points: [(id: Int, point: Point)] { past.map { ($0.id, $0.point) } }

  /// Takes in the objects of the next frame.
  mutating func add(_ result: FrameResult) {
    let old = past.firstIndex { $0.t > result.t - Self.seconds } ?? past.count
    past.removeFirst(max(old, past.count - Self.mostPoints))
    for (index, detection) in result.detections.enumerated() {
      guard let track = result.track(of: index) else { continue }
      let box = detection.box
      past.append((result.t, track.id, Point(x: (box.xMin + box.xMax) / 2, y: box.yMax)))
    }
  }
}
