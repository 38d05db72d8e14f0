internal import Geometry
internal import Tracking

/// Finds what happens to tracked objects, whoever found and tracked them: they come and go, enter
/// and leave zones, cross lines, and stand still.
///
///     var tracker = try ObjectTracker()
///     var finder = try EventFinder(
///       lines: [CountingLine(name: "gate", points: [(0, 0.5), (1, 0.5)])])
///     for (index, frame) in frames.enumerated() {
///       let objects = tracker.track(frame.objects, at: frame.time, width: 1920, height: 1080)
///       for event in try finder.events(
///         of: objects, at: frame.time, frame: index, width: 1920, height: 1080)
///       {
///         print(event.time, event.label, event.kind)
///       }
///     }
///     let rest = finder.finish()
///
/// ``ObjectTracker`` numbers objects that aren't tracked. ``ObjectOptions/zones`` and
/// ``ObjectOptions/lines`` do the same for the frames of ``Detector``.
public struct EventFinder: Sendable {
  private var engine: EventEngine
  private let source: String

  /// Creates a finder that has seen nothing yet.
  ///
  /// - Parameters:
  ///   - zones: The zones that objects enter and leave; their classes are names.
  ///   - lines: The lines whose crossings are counted; their classes are names.
  ///   - confidence: The median confidence from which an object is believed, 0 to 1.
  ///   - source: The name that events have for where the frames come from.
  /// - Throws: ``StreamDetectError/options(_:)`` for a value out of range, and for a zone or a line
  ///   that can't be used.
  public init(
    zones: [Zone] = [], lines: [CountingLine] = [],
    confidence: Double = TrackingOptions().confidence, source: String = "frames"
  ) throws(StreamDetectError) {
    try require((0...1).contains(confidence), "confidence", confidence, "between 0 and 1")
    engine = try EventEngine(zones: zones, lines: lines, confidence: confidence) { classes, _ in
      Set(classes)
    }
    self.source = source
  }

  /// Takes in the objects of the next frame.
  ///
  /// An event may be told later than it happened; its time says when that was. Objects without a
  /// track are ignored, and so are those that are marked as predicted.
  ///
  /// - Parameters:
  ///   - objects: The objects of the frame, with the numbers of their tracks.
  ///   - time: When it is shown, in seconds from any moment; never earlier than the frame before.
  ///   - index: The number of the frame.
  ///   - width: Width of the frame in pixels.
  ///   - height: Height of the frame in pixels.
  /// - Returns: What is known with this frame, by object; what happened to one object is in order.
  /// - Throws: ``StreamDetectError/options(_:)`` for a zone or a line in pixels that lies outside
  ///   of the first frame.
  public mutating func events(
    of objects: [DetectedObject], at time: Double, frame index: Int, width: Int, height: Int
  ) throws(StreamDetectError) -> [ObjectEvent] {
    let sighted = objects.compactMap { object in
      object.trackID.map {
        var sighted = SightedObject(
          trackID: $0,
          box: PixelBox(
            x: object.box.x, y: object.box.y, width: object.box.width, height: object.box.height),
          score: object.confidence, label: object.label, isPredicted: object.isPredicted)
        sighted.earlier = object.earlier
        return sighted
      }
    }
    let size = FrameSize(width: Double(max(width, 1)), height: Double(max(height, 1)))
    do throws(ZoneError) {
      return told(try engine.update(sighted, at: time, frame: index, size: size))
    } catch {
      throw StreamDetectError(error)
    }
  }

  /// Ends what still goes on, and returns it; the next frame begins anew, with all counts at zero.
  public mutating func finish() -> [ObjectEvent] { told(engine.finish()) }

  /// The names of the zones in which the object with a track is now.
  public func zones(of trackID: Int) -> [String] { engine.zones(of: trackID) }

  private func told(_ events: [Tracking.ObjectEvent]) -> [ObjectEvent] {
    events.map { ObjectEvent($0, source: source, origin: nil) }
  }
}

extension EventEngine {
  /// Creates an engine for zones and lines; `names` are those of the classes that one counts, given
  /// the words for them and the option that has them.
  ///
  /// - Throws: `StreamDetectError.options` for a zone or a line that can't be used, and what
  ///   `names` throws.
  init(
    zones: [Zone], lines: [CountingLine], confidence: Double,
    names: (_ classes: [String], _ option: String) throws(StreamDetectError) -> Set<String>
  ) throws(StreamDetectError) {
    var options = EventOptions()
    options.confirmScore = confidence
    for zone in zones {
      let classes = try zone.classes.map { classes throws(StreamDetectError) in
        try names(classes, "zones")
      }
      do throws(ZoneError) { options.zones.append(try zone.zone(classes: classes)) } catch {
        throw StreamDetectError(error)
      }
    }
    for line in lines {
      let classes = try line.classes.map { classes throws(StreamDetectError) in
        try names(classes, "lines")
      }
      do throws(ZoneError) { options.lines.append(try line.line(classes: classes)) } catch {
        throw StreamDetectError(error)
      }
    }
    do throws(ZoneError) { try self.init(options) } catch { throw StreamDetectError(error) }
  }
}

extension StreamDetectError {
  /// The error for a zone or a line that can't be used.
  fileprivate init(_ error: ZoneError) {
    self = .options(OptionFailure(error.subject, message: error.message, remedy: error.remedy))
  }
}
