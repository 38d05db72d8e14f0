internal import Annotations
internal import Geometry
internal import Tracking

/// Tracks the objects in the lines of one source, and finds their events.
///
/// Lines keep their order: those between two frames wait until the frame before them is finished.
struct SourceTracker {
  private enum Waiting {
    case frame(FrameRecord, Double)
    case line([UInt8])
  }

  /// Keeps the tracks that the objects have if it is missing.
  private var tracker: AnyTracker?
  private var events: SourceEvents?
  private var hasBegun = false
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
    _ options: TrackerOptions, mode: TrackCommand.Mode, isSmoothed: Bool, events: SourceEvents?,
    timeBase: SourceRecord.Fraction? = nil, rate: SourceRecord.Fraction? = nil
  ) {
    tracker = mode == .keep ? nil : AnyTracker(options, isOffline: mode == .offline)
    self.isSmoothed = isSmoothed
    self.events = events
    self.timeBase = timeBase
    self.rate = rate
  }

  /// Takes in a frame, and gives the lines that are finished with it to `write`.
  ///
  /// - Throws: `ZoneError` for a zone that can't be placed in it, and what `write` throws.
  mutating func take(_ frame: FrameRecord, write: ([UInt8]) throws -> Void) throws {
    // An offline tracker holds the frame back, but its line is known now.
    if !hasBegun { try events?.check(firstFrame: FrameSize(frame)) }
    hasBegun = true
    let time = seconds(of: frame)
    guard tracker != nil else { return try put(frame, at: time, write) }
    var frame = frame
    // What an earlier tracking predicted wasn't detected.
    frame.objects.removeAll(where: \.isPredicted)
    waiting.append(.frame(frame, time))
    let observations = frame.objects.map { object in
      BoxObservation(
        box: object.box, score: object.confidence,
        classID: number(of: ClassKey(label: object.label, classID: object.classID)))
    }
    try release(tracker?.update(observations, at: time, frame: FrameSize(frame)) ?? [], write)
  }

  /// Takes in another line of the source.
  mutating func pass(_ line: [UInt8], write: ([UInt8]) throws -> Void) rethrows {
    guard !waiting.isEmpty else { return try write(line) }
    waiting.append(.line(line))
  }

  /// Gives the lines that still wait to `write`; the next frame begins anew.
  mutating func finish(write: ([UInt8]) throws -> Void) throws {
    try release(tracker?.finish() ?? [], write)
    try events?.finish(write: write)
  }

  private mutating func release(
    _ finished: [[TrackedBox]], _ write: ([UInt8]) throws -> Void
  ) throws {
    guard !finished.isEmpty else { return }
    var objects = finished.makeIterator()
    var next = 0
    release: while next < waiting.count {
      switch waiting[next] {
      case .line(let line): try write(line)
      case .frame(let frame, let time):
        guard let tracked = objects.next() else { break release }
        let earlier = tracked.filter { !$0.earlier.isEmpty }.map { ($0.trackID, $0.earlier) }
        try put(
          numbered(frame, tracked), at: time,
          earlier: Dictionary(earlier) { first, _ in first }, write)
      }
      next += 1
    }
    waiting.removeFirst(next)
  }

  /// Writes a frame that is finished, and its events.
  private mutating func put(
    _ frame: FrameRecord, at time: Double, earlier: [Int: [EarlierSighting]] = [:],
    _ write: ([UInt8]) throws -> Void
  ) throws {
    guard events != nil else { return try write(frame.line()) }
    try events?.take(frame, at: time, size: FrameSize(frame), earlier: earlier, write: write)
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
    zones = []
  }
}

extension FrameSize {
  /// The size of a frame, if its line has it.
  fileprivate init?(_ frame: FrameRecord) {
    guard let width = frame.width, let height = frame.height else { return nil }
    self.init(width: Double(width), height: Double(height))
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
