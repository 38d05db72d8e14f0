internal import Geometry
internal import Support

/// Reads a line about a frame as `stream-detect` writes it, several times as fast as `JSONDecoder`.
///
/// What is unusual in any way (an escape, an exponent, a key that the schema doesn't have, or a key
/// twice, letters beyond ASCII, a mistake) makes the result `nil`: then the decoder has to read the
/// line, and says what is wrong with it.
struct FrameScanner {
  private let bytes: [UInt8]
  private var place = 0

  /// The frame that `line` is about, if it is one and nothing in it is unusual.
  static func frame(_ line: [UInt8]) -> FrameRecord? {
    var scanner = FrameScanner(bytes: line)
    guard let frame = scanner.frame(), scanner.isAtEnd else { return nil }
    return frame
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func frame() -> FrameRecord? {
    var record = FrameRecord(source: "", index: 0, width: nil, height: nil, objects: [])
    var seen = SeenKeys<FrameRecord.Key>()
    guard take("{") else { return nil }
    repeat {
      guard let name = string(), take(":"), let key = FrameRecord.Key(rawValue: name),
        seen.insert(key), read(key, into: &record)
      else { return nil }
    } while take(",")
    guard take("}"), seen.has([.type, .source, .objects]) else { return nil }
    return record
  }

  private mutating func read(_ key: FrameRecord.Key, into record: inout FrameRecord) -> Bool {
    switch key {
    case .type: return string() == Record.Kind.frame.rawValue
    case .source:
      guard let source = string() else { return false }
      record.source = source
    case .frame:
      guard let index = integer(), index >= 0 else { return false }
      record.index = index
    case .pts:
      if take(word: "null") { return true }
      guard let pts = integer() else { return false }
      record.pts = pts
    case .t:
      if take(word: "null") { return true }
      guard let t = number() else { return false }
      record.t = t
    case .lag:
      guard let lag = number() else { return false }
      record.lag = lag
    case .wall:
      guard let text = string(), let wall = Timestamp.date(text) else { return false }
      record.wall = wall
    case .width:
      guard let side = integer(), side > 0 else { return false }
      record.width = PixelBox.side(Double(side))
    case .height:
      guard let side = integer(), side > 0 else { return false }
      record.height = PixelBox.side(Double(side))
    case .flags:
      guard let flags = list({ $0.string() }) else { return false }
      record.isCorrupt = flags.contains(FrameRecord.Flag.corrupt.rawValue)
      record.otherFlags = flags.filter { $0 != FrameRecord.Flag.corrupt.rawValue }
    case .objects:
      guard let objects = list({ $0.object() }) else { return false }
      record.objects = objects
    }
    return true
  }

  private mutating func object() -> ObjectRecord? {
    var object = ObjectRecord(
      label: "", confidence: 0, box: PixelBox(x: 0, y: 0, width: 0, height: 0))
    var seen = SeenKeys<ObjectRecord.Key>()
    guard take("{") else { return nil }
    repeat {
      guard let name = string(), take(":"), let key = ObjectRecord.Key(rawValue: name),
        seen.insert(key), read(key, into: &object)
      else { return nil }
    } while take(",")
    guard take("}"), seen.has([.label, .confidence, .bbox]) else { return nil }
    return object
  }

  private mutating func read(_ key: ObjectRecord.Key, into object: inout ObjectRecord) -> Bool {
    switch key {
    case .label:
      guard let label = string() else { return false }
      object.label = label
    case .classID:
      guard let id = integer() else { return false }
      object.classID = id
    case .confidence:
      guard let confidence = number() else { return false }
      object.confidence = confidence
    case .bbox:
      guard let box = list({ $0.number() }).flatMap(PixelBox.init) else { return false }
      object.box = box
    case .trackID:
      guard let id = integer() else { return false }
      object.trackID = id
    case .predicted:
      guard take(word: "true") else { return false }
      object.isPredicted = true
    case .zones:
      guard let zones = list({ $0.string() }) else { return false }
      object.zones = zones
    }
    return true
  }

  // MARK: - Values

  private mutating func list<Value>(
    _ element: (inout FrameScanner) -> Value?
  ) -> [Value]? {
    guard take("[") else { return nil }
    if take("]") { return [] }
    var values: [Value] = []
    repeat {
      guard let value = element(&self) else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? values : nil
  }

  /// A string of printable ASCII without escapes.
  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        return String(decoding: bytes[start..<place - 1], as: UTF8.self)
      case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: return nil
      default: place += 1
      }
    }
    return nil
  }

  private mutating func integer() -> Int? {
    guard let (digits, decimals) = decimal(), decimals == 0 else { return nil }
    return digits
  }

  /// Of at most 15 digits, so that the quotient is the nearest number there is.
  private mutating func number() -> Double? {
    guard let (digits, decimals) = decimal() else { return nil }
    return Double(digits) / Self.powersOfTen[decimals]
  }

  private static let powersOfTen: [Double] = (0...15).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// The digits of a number, and how many of them are behind the point.
  private mutating func decimal() -> (digits: Int, decimals: Int)? {
    let isNegative = take("-")
    let start = place
    var (value, point) = (0, Int?.none)
    scan: while place < bytes.count, place - start <= 16 {
      switch bytes[place] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        value = value * 10 + Int(bytes[place] - UInt8(ascii: "0"))
      case UInt8(ascii: "."):
        guard point == nil, place > start else { return nil }
        point = place
      case UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
      default: break scan
      }
      place += 1
    }
    let decimals = point.map { place - $0 - 1 } ?? 0
    let digits = place - start - (point == nil ? 0 : 1)
    // Neither "01" nor "1." is a number, and -0 is another double than 0.
    guard (1...15).contains(digits), point == nil || decimals > 0,
      bytes[start] != UInt8(ascii: "0") || (point ?? place) == start + 1,
      !(isNegative && value == 0)
    else { return nil }
    return (isNegative ? -value : value, decimals)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    skipSpace()
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  private var isAtEnd: Bool { bytes[place...].allSatisfy(Self.isSpace) }
}

/// Which keys an object had so far.
private struct SeenKeys<Key: RecordKey & Equatable> {
  private var bits = 0

  /// Adds a key; false if it is there already.
  mutating func insert(_ key: Key) -> Bool {
    let bit = Self.bit(of: key)
    defer { bits |= bit }
    return bits & bit == 0
  }

  /// Whether all of `keys` are there.
  func has(_ keys: [Key]) -> Bool { keys.allSatisfy { bits & Self.bit(of: $0) != 0 } }

  private static func bit(of key: Key) -> Int {
    1
      << Key.allCases.distance(
        from: Key.allCases.startIndex,
        to: Key.allCases.firstIndex(of: key) ?? Key.allCases.startIndex)
  }
}
