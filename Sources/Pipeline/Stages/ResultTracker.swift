internal import Geometry
internal import Pictures
internal import SSDLite
internal import Tracking

/// Tracks the objects of one source, whose results come in order, and finds their events.
///
/// An offline tracker holds results back until they can't change any more: some seconds, and at
/// most a few thousand frames.
struct ResultTracker: Sendable {
  private var tracker: AnyTracker
  private var camera = CameraShift()
  private let smoothsBoxes: Bool
  /// The results that are held back.
  private var waiting: [FrameResult] = []
  private var events: EventEngine?
  private let className: @Sendable (Int) -> String

  init(_ tracking: ObjectTracking) {
    tracker = AnyTracker(tracking.options, isOffline: tracking.isOffline)
    smoothsBoxes = tracking.smoothsBoxes
    events = tracking.events
    className = tracking.className
  }

  /// Takes in the next result, and returns those that are finished with it, with the tracks of
  /// their detections and with detections that were predicted.
  mutating func track(_ result: FrameResult) -> [FrameResult] {
    let size = FrameSize(width: Double(result.width), height: Double(result.height))
    let shift = result.origin.luma.flatMap { camera.update($0) }
    waiting.append(result)
    waiting[waiting.count - 1].origin.luma = nil
    return release(
      tracker.update(
        result.detections.map { detection in
          BoxObservation(
            box: PixelBox(detection.box, width: result.width, height: result.height),
            score: Double(detection.score), classID: detection.classID)
        }, at: result.t, frame: size,
        motion: shift.map { CameraMotion(x: $0.x * size.width, y: $0.y * size.height) }))
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
        var track = ObjectTrack(id: object.trackID)
        if events != nil { track.earlier = object.earlier }
        found[index] = (detection, track)
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

  /// Adds what is known with a result that was tracked to have happened.
  ///
  /// - Throws: `ZoneError` for a zone that can't be placed in the frame.
  mutating func findEvents(_ result: inout FrameResult) throws(ZoneError) {
    guard var engine = events else { return }
    // Taken out, so that the engine isn't copied.
    events = nil
    defer { events = engine }
    let objects = zip(result.detections, result.tracks).compactMap { detection, track in
      track.map {
        var object = SightedObject(
          trackID: $0.id,
          box: PixelBox(detection.box, width: result.width, height: result.height),
          score: Double(detection.score), label: className(detection.classID),
          isPredicted: $0.isPredicted)
        object.earlier = $0.earlier
        return object
      }
    }
    for index in result.tracks.indices { result.tracks[index]?.earlier = [] }
    result.events = try engine.update(
      objects, at: result.t, frame: result.index,
      size: FrameSize(width: Double(result.width), height: Double(result.height)))
    result.zoneCounts = engine.counts
    for index in result.tracks.indices {
      guard let id = result.tracks[index]?.id else { continue }
      result.tracks[index]?.zones = engine.zones(of: id)
    }
  }

  /// Ends what still goes on after the last result, and returns what is known with that.
  mutating func finishEvents() -> [ObjectEvent] { events?.finish() ?? [] }
}
