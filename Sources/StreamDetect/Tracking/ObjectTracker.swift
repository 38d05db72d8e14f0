internal import Geometry
internal import Pipeline
internal import Tracking

/// Follows objects from frame to frame, whoever found them.
///
///     var tracker = ObjectTracker()
///     for frame in frames {
///       let objects = try tracker.track(frame.objects, at: frame.time, width: 1920, height: 1080)
///     }
///
/// ``ObjectOptions/tracking`` does the same for the frames of ``Detector``.
public struct ObjectTracker: Sendable {
  private var tracker: AnyTracker
  private let smoothsBoxes: Bool
  /// The names of classes, as they were last seen.
  private var labels: [Int: String] = [:]

  /// Creates a tracker that has seen nothing yet.
  ///
  /// - Throws: ``StreamDetectError/options(_:)`` for a value out of range.
  public init(_ options: TrackingOptions = TrackingOptions()) throws(StreamDetectError) {
    guard options.mode == .online else {
      throw TrackingOptions.failure(
        "An ObjectTracker gives each frame its objects as it comes.", remedy: "Track online.")
    }
    let tracking = try options.objectTracking()
    tracker = AnyTracker(tracking.options, isOffline: false)
    smoothsBoxes = tracking.smoothsBoxes
  }

  /// Gives the objects of the next frame the numbers of their tracks.
  ///
  /// Objects that were not found but are still followed are added, and marked as predicted.
  ///
  /// - Parameters:
  ///   - objects: What was found in the frame.
  ///   - time: When it is shown, in seconds from any moment; never earlier than the frame before.
  ///   - width: Width of the frame in pixels.
  ///   - height: Height of the frame in pixels.
  /// - Returns: The objects with their numbers, the most confident first.
  public mutating func track(
    _ objects: [DetectedObject], at time: Double, width: Int, height: Int
  ) -> [DetectedObject] {
    let (columns, rows) = (Double(max(width, 1)), Double(max(height, 1)))
    // What an earlier tracking predicted wasn't detected.
    let objects = objects.filter { !$0.isPredicted }
    for object in objects { labels[object.classID] = object.label }
    let tracked =
      tracker.update(
        objects.map { object in
          BoxObservation(
            box: .init(
              x: object.relativeBox.x * columns, y: object.relativeBox.y * rows,
              width: object.relativeBox.width * columns, height: object.relativeBox.height * rows),
            score: object.confidence, classID: object.classID)
        }, at: time, frame: FrameSize(width: columns, height: rows)
      ).first ?? []
    var result = objects
    for index in result.indices { result[index].trackID = nil }
    for box in tracked {
      let relative = RelativeRectangle(
        x: box.box.x / columns, y: box.box.y / rows, width: box.box.width / columns,
        height: box.box.height / rows)
      let isKept = !smoothsBoxes && !box.isPredicted
      let place = box.observation.flatMap { isKept ? objects[$0].relativeBox : nil } ?? relative
      var object = DetectedObject(
        label: labels[box.classID] ?? "", classID: box.classID, confidence: box.score,
        relativeBox: place, width: width, height: height, trackID: box.trackID,
        isPredicted: box.isPredicted)
      object.earlier = box.earlier
      if let index = box.observation { result[index] = object } else { result.append(object) }
    }
    return result.indices.sorted { (-result[$0].confidence, $0) < (-result[$1].confidence, $1) }
      .map { result[$0] }
  }
}
