/// What makes an object the same from frame to frame: a track may change its class.
struct ObjectKey: Hashable {
  /// Its class.
  var label: String
  /// Its track.
  var track: Int
}

/// One of the steps of an object, which come one after the other.
struct ObjectStep {
  /// The object's class.
  var label: String
  /// Where it was, or that it was gone.
  var step: TrackStep
  /// Whether the object begins with it.
  var isFirst: Bool
  /// The step that follows; the object ends where there is none.
  var next: TrackStep?
}

/// The objects of a source as tracks, for formats that have them one after the other.
///
/// An object without a track is a track of one frame; it is known when the next frame comes, and
/// passed on at once.
struct ObjectTracks {
  /// The last frame that was added; -1 before the first.
  private(set) var lastFrame = -1
  private var spool: TrackSpool<ObjectKey>
  private var waiting: [(label: String, step: TrackStep)] = []

  /// Steps that don't fit in memory go into a file in `folder`.
  init(in folder: String) { spool = TrackSpool(in: folder) }

  /// Adds a frame; passes on the objects without a track of the frame before.
  mutating func add(
    _ frame: ExportedFrame, passing body: (ObjectStep) throws -> Void
  ) throws {
    let (index, seconds) = (frame.record.index, frame.seconds)
    for (label, step) in waiting {
      var gone = step
      (gone.frame, gone.seconds, gone.isGone) = (index, seconds, true)
      try body(ObjectStep(label: label, step: step, isFirst: true, next: gone))
      try body(ObjectStep(label: label, step: gone, isFirst: false))
    }
    waiting.removeAll(keepingCapacity: true)
    var steps: [(key: ObjectKey, step: TrackStep)] = []
    for object in frame.record.objects {
      let step = TrackStep(
        frame: index, seconds: seconds, box: object.box, confidence: object.confidence)
      if let track = object.trackID {
        steps.append((ObjectKey(label: object.label, track: track), step))
      } else {
        waiting.append((object.label, step))
      }
    }
    try spool.add(steps, frame: index, seconds: seconds)
    lastFrame = max(lastFrame, index)
  }

  /// Passes on all that was not yet passed on.
  mutating func finish(passing body: (ObjectStep) throws -> Void) throws {
    for (label, step) in waiting {
      try body(ObjectStep(label: label, step: step, isFirst: true))
    }
    waiting.removeAll()
    try spool.forEachStep { key, step, isFirst, next in
      try body(ObjectStep(label: key.label, step: step, isFirst: isFirst, next: next))
    }
  }
}
