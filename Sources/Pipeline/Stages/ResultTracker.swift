internal import Geometry
internal import SSDLite
internal import Tracking

/// Tracks the objects of one source, whose results come in order.
struct ResultTracker: Sendable {
  private var tracker: Tracker
  private let smoothsBoxes: Bool

  init(_ tracking: ObjectTracking) {
    tracker = Tracker(tracking.options)
    smoothsBoxes = tracking.smoothsBoxes
  }

  /// The result with the tracks of its detections, and with detections that were predicted.
  mutating func track(_ result: FrameResult) -> FrameResult {
    let (width, height) = (Double(result.width), Double(result.height))
    let objects = tracker.update(
      result.detections.map { detection in
        BoxObservation(
          box: PixelBox(detection.box, width: result.width, height: result.height),
          score: Double(detection.score), classID: detection.classID)
      }, at: result.t, frame: FrameSize(width: width, height: height))
    var found = result.detections.map { (detection: $0, track: ObjectTrack?.none) }
    for object in objects {
      var detection = Detection(
        classID: object.classID, score: Float(object.score),
        box: BoundingBox(
          xMin: Float(object.box.x / width), yMin: Float(object.box.y / height),
          xMax: Float((object.box.x + object.box.width) / width),
          yMax: Float((object.box.y + object.box.height) / height)))
      if let index = object.observation {
        if !smoothsBoxes { detection.box = found[index].detection.box }
        detection.score = found[index].detection.score
        found[index] = (detection, ObjectTrack(id: object.trackID))
      } else {
        found.append((detection, ObjectTrack(id: object.trackID, isPredicted: true)))
      }
    }
    // By falling score as before; equal ones keep their order.
    let order = found.indices.sorted {
      (-found[$0].detection.score, $0) < (-found[$1].detection.score, $1)
    }
    var result = result
    result.detections = order.map { found[$0].detection }
    result.tracks = order.map { found[$0].track }
    return result
  }
}
