internal import Annotations
internal import Geometry
internal import Tracking

/// Tracks the objects in the lines of one source.
///
/// Lines keep their order: those between two frames wait until the frame before them is finished.
struct SourceTracker {
  private enum Waiting {
    case frame(FrameRecord)
    case line([UInt8])
  }

  private var tracker: AnyTracker
  private let isSmoothed: Bool
  private var waiting: [Waiting] = []
  /// The classes seen so far, in the order in which they came.
  private var classes: [ClassKey] = []
  private var classNumbers: [ClassKey: Int] = [:]
  private let timeBase: SourceRecord.Fraction?
  private let rate: SourceRecord.Fraction?

  private struct ClassKey: Hashable {
    var label: String
    var classID: Int?
  }

  init(
    _ options: TrackerOptions, isOffline: Bool, isSmoothed: Bool,
    timeBase: SourceRecord.Fraction? = nil, rate: SourceRecord.Fraction? = nil
  ) {
    tracker = AnyTracker(options, isOffline: isOffline)
    self.isSmoothed = isSmoothed
    self.timeBase = timeBase
    self.rate = rate
  }

  /// Takes in a frame, and gives the lines that are finished with it to `write`.
  mutating func take(_ frame: FrameRecord, write: ([UInt8]) throws -> Void) rethrows {
    waiting.append(.frame(frame))
    let observations = frame.objects.map { object in
      BoxObservation(
        box: object.box, score: object.confidence,
        classID: number(of: ClassKey(label: object.label, classID: object.classID)))
    }
    let size = frame.width.flatMap { width in
      frame.height.map { FrameSize(width: Double(width), height: Double($0)) }
    }
    try release(tracker.update(observations, at: seconds(of: frame), frame: size), write)
  }

  /// Takes in another line of the source.
  mutating func pass(_ line: [UInt8], write: ([UInt8]) throws -> Void) rethrows {
    guard !waiting.isEmpty else { return try write(line) }
    waiting.append(.line(line))
  }

  /// Gives the lines that still wait to `write`; the next frame begins anew.
  mutating func finish(write: ([UInt8]) throws -> Void) rethrows {
    try release(tracker.finish(), write)
  }

  private mutating func release(
    _ finished: [[TrackedBox]], _ write: ([UInt8]) throws -> Void
  ) rethrows {
    guard !finished.isEmpty else { return }
    var objects = finished.makeIterator()
    var next = 0
    release: while next < waiting.count {
      switch waiting[next] {
      case .line(let line): try write(line)
      case .frame(let frame):
        guard let tracked = objects.next() else { break release }
        try write(numbered(frame, tracked).line())
      }
      next += 1
    }
    waiting.removeFirst(next)
  }

  /// The frame with the numbers of its objects, by falling confidence.
  private func numbered(_ frame: FrameRecord, _ tracked: [TrackedBox]) -> FrameRecord {
    var frame = frame
    var predicted: [ObjectRecord] = []
    for index in frame.objects.indices { frame.objects[index].clearTrack() }
    for object in tracked {
      let key = classes[object.classID]
      guard let index = object.observation else {
        predicted.append(
          ObjectRecord(
            label: key.label, classID: key.classID, confidence: object.score,
            box: object.box.inFrame, trackID: object.trackID, isPredicted: true))
        continue
      }
      frame.objects[index].label = key.label
      frame.objects[index].classID = key.classID
      frame.objects[index].trackID = object.trackID
      if isSmoothed { frame.objects[index].box = object.box.inFrame }
    }
    if !predicted.isEmpty {
      let all = frame.objects + predicted
      frame.objects = all.indices.sorted {
        (-all[$0].confidence, $0) < (-all[$1].confidence, $1)
      }.map { all[$0] }
    }
    return frame
  }

  private mutating func number(of key: ClassKey) -> Int {
    if let number = classNumbers[key] { return number }
    classNumbers[key] = classes.count
    classes.append(key)
    return classes.count - 1
  }

  /// When a frame is shown: as it says, else by its time stamp, else by its place.
  private func seconds(of frame: FrameRecord) -> Double {
    if let t = frame.t { return t }
    if let pts = frame.pts, let timeBase {
      return Double(pts) * Double(timeBase.numerator) / Double(timeBase.denominator)
    }
    let rate = rate.map { Double($0.numerator) / Double($0.denominator) } ?? 25
    return Double(frame.index) / rate
  }
}

extension ObjectRecord {
  /// Forgets the number of an earlier run.
  fileprivate mutating func clearTrack() {
    trackID = nil
    isPredicted = false
  }
}

extension PixelBox {
  /// The part that isn't left of the frame or above it, which may be of no size.
  fileprivate var inFrame: PixelBox {
    let (left, top) = (max(x, 0), max(y, 0))
    return PixelBox(
      x: left, y: top, width: max(x + width - left, 0), height: max(y + height - top, 0))
  }
}
