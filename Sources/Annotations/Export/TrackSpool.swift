internal import Geometry
internal import Support

/// Where an object was in a frame, or that it was gone there.
struct TrackStep {
  /// The frame, from 0.
  var frame: Int
  /// Seconds from the first frame.
  var seconds: Double
  /// Where it was, or where it was last.
  var box: PixelBox
  /// How sure the detector was.
  var confidence: Double
  /// Whether it isn't in this frame any more.
  var isGone = false
}

/// Puts the steps of objects aside, mixed as they come, and gives them back object by object.
///
/// Memory holds the newest steps of each object and the places of the older ones on disk, so it
/// grows with the number of objects, hardly with the length of a video.
struct TrackSpool<Key: Hashable> {
  private struct Track {
    var key: Key
    var recent: [TrackStep] = []
    var places: [Range<Int>] = []
    var isPresent = true
  }

  private var tracks: [Track] = []
  private var numbers: [Key: Int] = [:]
  /// The objects of the last frame.
  private var present: [Int] = []
  private var waiting = 0
  private let folder: String
  private var spool: SpoolFile?

  /// How many steps are kept in memory.
  private static var most: Int { 1 << 17 }

  /// Steps that don't fit go into a file in `folder`.
  init(in folder: String) { self.folder = folder }

  /// Adds a frame's objects; those of the frame before that aren't among them are gone.
  mutating func add(
    _ steps: [(key: Key, step: TrackStep)], frame: Int, seconds: Double
  ) throws(FileError) {
    let before = present
    for index in before { tracks[index].isPresent = false }
    present.removeAll(keepingCapacity: true)
    for (key, step) in steps {
      let index = number(of: key)
      // An object is in a frame once.
      guard tracks[index].recent.last?.frame != frame || tracks[index].recent.last?.isGone == true
      else { continue }
      tracks[index].isPresent = true
      present.append(index)
      append(step, to: index)
    }
    for index in before where !tracks[index].isPresent {
      guard var last = tracks[index].recent.last else { continue }
      (last.frame, last.seconds, last.isGone) = (frame, seconds, true)
      append(last, to: index)
    }
    if waiting > Self.most { try putAside() }
  }

  private mutating func number(of key: Key) -> Int {
    if let known = numbers[key] { return known }
    numbers[key] = tracks.count
    tracks.append(Track(key: key))
    return tracks.count - 1
  }

  private mutating func append(_ step: TrackStep, to index: Int) {
    tracks[index].recent.append(step)
    waiting += 1
  }

  /// Writes all but the last step of each object to disk.
  private mutating func putAside() throws(FileError) {
    let spool = if let spool { spool } else { try SpoolFile(in: folder) }
    self.spool = spool
    waiting = 0
    for index in tracks.indices where tracks[index].recent.count > 1 {
      let start = spool.count
      for step in tracks[index].recent.dropLast() { try spool.append(step.bytes) }
      tracks[index].places.append(start..<spool.count)
      tracks[index].recent.removeFirst(tracks[index].recent.count - 1)
    }
    waiting = tracks.count
  }

  /// How many objects there are.
  var count: Int { tracks.count }

  /// Passes on each object's steps, object after object in the order in which they came, each with
  /// the one that follows it.
  func forEachStep(_ body: (Key, TrackStep, _ isFirst: Bool, _ next: TrackStep?) throws -> Void)
    throws
  {
    for track in tracks {
      var held: TrackStep?
      var isFirst = true
      func pass(_ next: TrackStep?) throws {
        if let step = held {
          try body(track.key, step, isFirst, next)
          isFirst = false
        }
        held = next
      }
      for place in track.places {
        guard let bytes = try spool?.bytes(in: place) else { continue }
        for step in TrackStep.steps(bytes) { try pass(step) }
      }
      for step in track.recent { try pass(step) }
      try pass(nil)
    }
  }
}

extension TrackStep {
  private static let byteCount = 8 * 8

  fileprivate var bytes: [UInt8] {
    let words = [
      UInt64(bitPattern: Int64(frame)), seconds.bitPattern, box.x.bitPattern, box.y.bitPattern,
      box.width.bitPattern, box.height.bitPattern, confidence.bitPattern, isGone ? 1 : 0,
    ]
    return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  fileprivate static func steps(_ bytes: [UInt8]) -> [TrackStep] {
    stride(from: 0, to: bytes.count - byteCount + 1, by: byteCount).map { start in
      func word(_ place: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[start + place * 8 + $1]) << (UInt64($1) * 8) }
      }
      func number(_ place: Int) -> Double { Double(bitPattern: word(place)) }
      return TrackStep(
        frame: Int(truncatingIfNeeded: word(0)), seconds: number(1),
        box: PixelBox(x: number(2), y: number(3), width: number(4), height: number(5)),
        confidence: number(6), isGone: word(7) == 1)
    }
  }
}
