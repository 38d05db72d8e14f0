/// Reads the tables of a FlatBuffer (https://flatbuffers.dev/internals/), whose schema the caller
/// knows.
///
/// A table is a list of fields at offsets that it states itself, and everything refers to
/// everything else by offsets. All of them are checked against the file, and what is copied out of
/// it is counted, because a small file can refer to the same bytes any number of times.
struct FlatBuffer {
  let bytes: [UInt8]
  let budget: WireBudget

  init(_ bytes: [UInt8], _ budget: WireBudget = WireBudget()) {
    self.bytes = bytes
    self.budget = budget
  }

  /// The table that the file begins with.
  func root() throws(WireFault) -> FlatTable { try table(at: try target(of: 0)) }

  /// A table at `position`.
  fileprivate func table(at position: Int) throws(WireFault) -> FlatTable {
    let back = Int(Int32(truncatingIfNeeded: try number(position, 4)))
    let fields = position - back
    guard fields >= 0 else { throw Self.outside }
    let length = Int(try number(fields, 2))
    guard length >= 4, length <= bytes.count - fields else { throw Self.outside }
    return FlatTable(buffer: self, position: position, fields: fields, length: length)
  }

  /// Where the offset at `position` points to.
  fileprivate func target(of position: Int) throws(WireFault) -> Int {
    let target = position + Int(try number(position, 4))
    guard target < bytes.count else { throw Self.outside }
    return target
  }

  /// A little-endian number of `count` bytes.
  fileprivate func number(_ position: Int, _ count: Int) throws(WireFault) -> UInt64 {
    guard position >= 0, position <= bytes.count, count <= bytes.count - position else {
      throw Self.outside
    }
    var result: UInt64 = 0
    for index in (0..<count).reversed() { result = result << 8 | UInt64(bytes[position + index]) }
    return result
  }

  /// The elements of the vector that the offset at `position` points to.
  fileprivate func elements(
    of position: Int, size: Int
  ) throws(WireFault) -> (start: Int, count: Int) {
    let vector = try target(of: position)
    let count = Int(try number(vector, 4))
    guard count <= (bytes.count - vector - 4) / size else { throw Self.outside }
    return (vector + 4, count)
  }

  private static let outside = WireFault(message: "An offset or a length points outside the file.")
}

/// A table of a FlatBuffer; fields are numbered as in its schema.
struct FlatTable {
  fileprivate let buffer: FlatBuffer
  fileprivate let position: Int
  fileprivate let fields: Int
  fileprivate let length: Int

  /// Where a field's value is, or `nil` if the table doesn't have it.
  private func place(_ field: Int) throws(WireFault) -> Int? {
    let entry = 4 + 2 * field
    guard entry + 2 <= length else { return nil }
    let offset = Int(try buffer.number(fields + entry, 2))
    return offset == 0 ? nil : position + offset
  }

  private func number(_ field: Int, _ count: Int) throws(WireFault) -> UInt64? {
    guard let place = try place(field) else { return nil }
    return try buffer.number(place, count)
  }

  func uint8(_ field: Int) throws(WireFault) -> UInt8? {
    try number(field, 1).map { UInt8(truncatingIfNeeded: $0) }
  }

  func int8(_ field: Int) throws(WireFault) -> Int? {
    try number(field, 1).map { Int(Int8(truncatingIfNeeded: $0)) }
  }

  func int32(_ field: Int) throws(WireFault) -> Int? {
    try number(field, 4).map { Int(Int32(truncatingIfNeeded: $0)) }
  }

  func uint32(_ field: Int) throws(WireFault) -> Int? {
    try number(field, 4).map { Int($0) }
  }

  func uint64(_ field: Int) throws(WireFault) -> UInt64? { try number(field, 8) }

  func float(_ field: Int) throws(WireFault) -> Float? {
    try number(field, 4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  /// A table that the field refers to.
  func table(_ field: Int) throws(WireFault) -> FlatTable? {
    guard let place = try place(field) else { return nil }
    return try buffer.table(at: try buffer.target(of: place))
  }

  /// A list of tables; empty if the field is missing.
  func tables(_ field: Int) throws(WireFault) -> [FlatTable] {
    guard let place = try place(field) else { return [] }
    let (start, count) = try buffer.elements(of: place, size: 4)
    try buffer.budget.spend(count * 2 * MemoryLayout<FlatTable>.stride)
    var result: [FlatTable] = []
    for index in 0..<count {
      result.append(try buffer.table(at: try buffer.target(of: start + 4 * index)))
    }
    return result
  }

  /// Text; bytes that are not UTF-8 are replaced.
  func text(_ field: Int) throws(WireFault) -> String? {
    guard let range = try range(field) else { return nil }
    try buffer.budget.spend(range.count + MemoryLayout<String>.stride)
    return String(decoding: buffer.bytes[range], as: UTF8.self)
  }

  /// Where the bytes of a list of bytes or a text are.
  func range(_ field: Int) throws(WireFault) -> Range<Int>? {
    guard let place = try place(field) else { return nil }
    let (start, count) = try buffer.elements(of: place, size: 1)
    return start..<start + count
  }

  /// A list of 32-bit integers; `nil` if the field is missing.
  func int32s(_ field: Int) throws(WireFault) -> [Int]? {
    try numbers(field, 4)?.map { Int(Int32(truncatingIfNeeded: $0)) }
  }

  /// A list of 64-bit integers; `nil` if the field is missing.
  func int64s(_ field: Int) throws(WireFault) -> [Int64]? {
    try numbers(field, 8)?.map { Int64(bitPattern: $0) }
  }

  /// A list of single-precision numbers; `nil` if the field is missing.
  func floats(_ field: Int) throws(WireFault) -> [Float]? {
    try numbers(field, 4)?.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  private func numbers(_ field: Int, _ size: Int) throws(WireFault) -> [UInt64]? {
    guard let place = try place(field) else { return nil }
    let (start, count) = try buffer.elements(of: place, size: size)
    // The numbers, and what they are turned into.
    try buffer.budget.spend(count * 4 * MemoryLayout<UInt64>.stride)
    var result: [UInt64] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(try buffer.number(start + size * index, size)) }
    return result
  }
}
