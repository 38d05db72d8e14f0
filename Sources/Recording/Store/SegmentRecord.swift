/// What is known of a segment; a few dozen bytes, because there are millions of them.
struct SegmentRecord: Hashable {
  let name: SegmentName
  /// How long it lasts, in milliseconds.
  var duration: Int32
  /// The size of its file.
  var bytes: Int64

  /// A file with fewer has no fragment: a description of the streams alone has more.
  static let leastBytes = 512

  /// When it ends, in milliseconds since 1970.
  var end: Int64 { name.milliseconds + Int64(max(0, duration)) }

  init(_ name: SegmentName, milliseconds: Int32, bytes: Int64) {
    self.name = name
    duration = milliseconds
    self.bytes = bytes
  }

  init(_ name: SegmentName, seconds: Double, bytes: Int) {
    let bounded = seconds.isFinite ? min(max(seconds * 1000, 0), 1e9) : 0
    self.init(name, milliseconds: Int32(bounded), bytes: Int64(bytes))
  }
}

/// The segments of a camera, the oldest first.
struct SegmentShelf {
  private var records: [SegmentRecord] = []
  private var head = 0
  /// The bytes of all of them.
  private(set) var byteCount: Int64 = 0

  /// Takes over segments in any order.
  init(_ records: [SegmentRecord] = []) {
    self.records = records.sorted { $0.name < $1.name }
    byteCount = records.reduce(0) { $0 + $1.bytes }
  }

  /// All of them, in order.
  var all: ArraySlice<SegmentRecord> { records[head...] }

  /// Adds one; most are newer than all others.
  mutating func add(_ record: SegmentRecord) {
    byteCount += record.bytes
    var place = records.endIndex
    while place > head, records[place - 1].name > record.name { place -= 1 }
    records.insert(record, at: place)
  }

  /// Removes the one at an index of `all`.
  mutating func remove(at index: Int) -> SegmentRecord {
    let record = records[index]
    byteCount -= record.bytes
    guard index == head else {
      records.remove(at: index)
      return record
    }
    head += 1
    // The places before the head are given back now and then.
    if head > 1024, 2 * head > records.count {
      records.removeFirst(head)
      head = 0
    }
    return record
  }

  /// Those that have something from between two moments, in milliseconds since 1970.
  func overlapping(_ from: Int64, _ to: Int64) -> [SegmentRecord] {
    all.filter { $0.end >= from && $0.name.milliseconds <= to }
  }
}
