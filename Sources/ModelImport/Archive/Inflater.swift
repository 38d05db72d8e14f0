internal import Models

/// Inflates what `deflate` has compressed (RFC 1951), piece by piece.
struct Inflater {
  /// The largest distance back to what is repeated.
  private static let window = 1 << 15
  /// Bytes that are collected before they are given on.
  private static let blockSize = 1 << 17
  private static let longestCode = 15

  private let path: String
  private let next: () throws(ModelFileError) -> [UInt8]
  private var input: [UInt8] = []
  private var position = 0
  /// Bits of the input that have been read and not used, the next one lowest.
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// Makes an inflater for the file at `path`; `next` gives more of it, nothing at its end.
  init(path: String, _ next: @escaping () throws(ModelFileError) -> [UInt8]) {
    self.path = path
    self.next = next
    output.reserveCapacity(Self.blockSize + 2 * Self.window)
  }

  /// Inflates everything and gives it to `take`, until that returns false.
  ///
  /// - Throws: ``ModelFileError`` with `damaged`.
  mutating func run(
    _ take: (ArraySlice<UInt8>) throws(ModelFileError) -> Bool
  ) throws(ModelFileError) {
    var isLast = false
    while !isLast {
      isLast = try read(bits: 1) == 1
      switch try read(bits: 2) {
      case 0: try stored()
      case 1: try compressed(Self.fixedLengths, Self.fixedDistances)
      case 2:
        let codes = try dynamicCodes()
        try compressed(codes.lengths, codes.distances)
      default: throw damaged
      }
      // At most one block is collected beyond the limit, and what it may refer to stays.
      guard output.count >= Self.blockSize || isLast else { continue }
      let kept = isLast ? 0 : Self.window
      guard try take(output.dropLast(kept)) else { return }
      output.removeFirst(output.count - kept)
    }
  }

  // MARK: Blocks

  private mutating func stored() throws(ModelFileError) {
    (bits, bitCount) = (bits >> UInt64(bitCount % 8), bitCount - bitCount % 8)
    let (length, check) = (try read(bits: 16), try read(bits: 16))
    guard length ^ 0xFFFF == check else { throw damaged }
    for _ in 0..<length { output.append(UInt8(try read(bits: 8))) }
  }

  private mutating func compressed(
    _ lengths: PrefixCode, _ distances: PrefixCode
  ) throws(ModelFileError) {
    while true {
      let symbol = try decode(lengths)
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Self.lengthBases.count else { throw damaged }
      let length =
        Self.lengthBases[symbol - 257] + (try read(bits: Self.lengthExtras[symbol - 257]))
      let place = try decode(distances)
      guard place < Self.distanceBases.count else { throw damaged }
      let distance = Self.distanceBases[place] + (try read(bits: Self.distanceExtras[place]))
      guard distance <= output.count else { throw damaged }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  /// The codes that stand before a block (RFC 1951, section 3.2.7).
  private mutating func dynamicCodes() throws(ModelFileError) -> (
    lengths: PrefixCode, distances: PrefixCode
  ) {
    let count = (lengths: 257 + (try read(bits: 5)), distances: 1 + (try read(bits: 5)))
    let used = 4 + (try read(bits: 4))
    var first = [Int](repeating: 0, count: 19)
    for place in Self.order.prefix(used) { first[place] = try read(bits: 3) }
    guard let code = PrefixCode(first) else { throw damaged }
    var all: [Int] = []
    while all.count < count.lengths + count.distances {
      let symbol = try decode(code)
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last else { throw damaged }
        all += Array(repeating: last, count: 3 + (try read(bits: 2)))
      case 17: all += Array(repeating: 0, count: 3 + (try read(bits: 3)))
      default: all += Array(repeating: 0, count: 11 + (try read(bits: 7)))
      }
    }
    guard all.count == count.lengths + count.distances,
      let lengths = PrefixCode(Array(all[..<count.lengths])),
      let distances = PrefixCode(Array(all[count.lengths...]))
    else { throw damaged }
    return (lengths, distances)
  }

  // MARK: Bits

  /// Makes sure that there are so many bits, as far as the input has them.
  private mutating func fill(_ count: Int) throws(ModelFileError) {
    while bitCount < count {
      if position == input.count {
        (input, position) = (try next(), 0)
        if input.isEmpty { return }
      }
      bits |= UInt64(input[position]) << UInt64(bitCount)
      position += 1
      bitCount += 8
    }
  }

  private mutating func read(bits count: Int) throws(ModelFileError) -> Int {
    try fill(count)
    guard bitCount >= count else { throw damaged }
    defer { (bits, bitCount) = (bits >> UInt64(count), bitCount - count) }
    return Int(bits & (1 << UInt64(count) - 1))
  }

  private mutating func decode(_ code: PrefixCode) throws(ModelFileError) -> Int {
    try fill(Self.longestCode)
    // Behind the end there are zeros, which no valid code reaches.
    let entry = code.entry(for: bits)
    guard entry.length > 0, entry.length <= bitCount else { throw damaged }
    (bits, bitCount) = (bits >> UInt64(entry.length), bitCount - entry.length)
    return entry.symbol
  }

  private var damaged: ModelFileError {
    ModelFileError(
      .damaged, path: path, message: "The compressed data contradict themselves, or end too early.",
      remedy: "Get another copy of the file.")
  }

  // MARK: Tables (RFC 1951, sections 3.2.5 to 3.2.7)

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthExtras =
    [Int](repeating: 0, count: 8) + (1...5).flatMap { [Int](repeating: $0, count: 4) } + [0]
  private static let lengthBases = bases(from: 3, lengthExtras.dropLast()) + [258]
  private static let distanceExtras =
    [0, 0, 0, 0] + (1...13).flatMap { [$0, $0] }
  private static let distanceBases = bases(from: 1, distanceExtras[...])

  private static func bases(from first: Int, _ extras: ArraySlice<Int>) -> [Int] {
    var base = first
    return extras.map { extra in
      defer { base += 1 << extra }
      return base
    }
  }

  private static let fixedLengths = PrefixCode(
    complete: [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
      + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
  private static let fixedDistances = PrefixCode(complete: [Int](repeating: 5, count: 32))
}

/// A code whose words have lengths of 1 to 15 bits, as a table of all that may come next.
struct PrefixCode {
  private var table: [UInt16]
  private let mask: UInt64

  /// Makes the code with these lengths of its words, 0 for symbols without one; `nil` if there are
  /// more words than fit.
  init?(_ lengths: [Int]) {
    let longest = lengths.max() ?? 0
    guard longest <= 15, lengths.count <= 1 << 11 else { return nil }
    let needed = lengths.reduce(0) { $0 + ($1 > 0 ? 1 << (longest - $1) : 0) }
    guard needed <= 1 << longest else { return nil }
    table = [UInt16](repeating: 0, count: 1 << longest)
    mask = UInt64(table.count - 1)
    var word = 0
    for length in 1...max(longest, 1) {
      word <<= 1
      for symbol in lengths.indices where lengths[symbol] == length {
        // The first bit of a word comes first, and is the lowest here.
        var reversed = 0
        for bit in 0..<length where word & (1 << bit) != 0 { reversed |= 1 << (length - 1 - bit) }
        for place in stride(from: reversed, to: table.count, by: 1 << length) {
          table[place] = UInt16(symbol << 4 | length)
        }
        word += 1
      }
    }
  }

  /// Makes a code that is known to be one.
  init(complete lengths: [Int]) {
    guard let code = PrefixCode(lengths) else { preconditionFailure("no code: \(lengths)") }
    self = code
  }

  /// The symbol that the next bits begin with, and the length of its word; 0 for none.
  func entry(for bits: UInt64) -> (symbol: Int, length: Int) {
    let entry = table[Int(bits & mask)]
    return (Int(entry >> 4), Int(entry & 15))
  }
}
