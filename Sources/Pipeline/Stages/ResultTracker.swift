internal import Geometry
internal import SSDLite
internal import Tracking

/// Tracks the objects of one source, whose results come in order.
///
/// An offline tracker holds results back until they can't change any more: some seconds, and at
/// most a few thousand frames.
struct ResultTracker: Sendable {
  private var tracker: AnyTracker
  private let smoothsBoxes: Bool
  /// The results that are held back.
  private var waiting: [FrameResult] = []

  init(_ tracking: ObjectTracking) {
    tracker = AnyTracker(tracking.options, isOffline: tracking.isOffline)
    smoothsBoxes = tracking.smoothsBoxes
  }

  /// Takes in the next result, and returns those that are finished with it, with the tracks of
  /// their detections and with detections that were predicted.
  mutating func track(_ result: FrameResult) -> [FrameResult] {
    waiting.append(result)
    return release(
      tracker.update(
        result.detections.map { detection in
          BoxObservation(
            box: PixelBox(detection.box, width: result.width, height: result.height),
            score: Double(detection.score), classID: detection.classID)
        }, at: result.t,
        frame: FrameSize(width: Double(result.width), height: Double(result.height))))
  }

  /// The results that are still held back, at the end of the source.
  mutating func finish() -> [FrameResult] { release(tracker.finish()) }

  private mutating func release(_ finished: [[TrackedBox]]) -> [FrameResult] {
    defer { waiting.removeFirst(min(finished.count, waiting.count)) }
    return zip(waiting, finished).map { tracked($0, $1) }
  }

  private func tracked(_ result: FrameResult, _ objects: [TrackedBox]) -> FrameResult {
    let (width, height) = (Double(result.width), Double(result.height))
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
