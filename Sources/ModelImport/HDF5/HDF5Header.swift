internal import Layers

/// An array of an HDF5 file.
struct HDF5Array {
  let shape: [Int]
  let type: ElementType
  /// Its bytes; `nil` if they are in pieces, which may be compressed, or were never written.
  let range: Range<Int>?
}

/// The messages of an object, which say what it is (IV.A, object headers of version 1).
struct HDF5Header {
  /// Where the tree and the names of a group are.
  private(set) var symbolTable: (tree: Int, heap: Int)?

  private let bytes: HDF5Bytes
  private var dataspace: Range<Int>?
  private var datatype: Range<Int>?
  private var layout: Range<Int>?

  /// Reads the messages at `position`, each of which takes one of `steps`.
  init(_ bytes: HDF5Bytes, at position: Int, steps: inout Int) throws(WireFault) {
    self.bytes = bytes
    guard try bytes.number(position, 1) == 1 else {
      throw WireFault(message: "An object's header doesn't have version 1, h5py's default.")
    }
    var left = Int(try bytes.number(position + 2, 2))
    // The first block follows the 12 bytes of the header, aligned to 8.
    var blocks = [(position + 16, Int(try bytes.number(position + 8, 4)))]
    while let (start, length) = blocks.popLast(), left > 0 {
      guard let block = bytes.range(start, length) else { throw Self.damaged }
      var place = block.lowerBound
      while left > 0, place + 8 <= block.upperBound {
        let size = Int(try bytes.number(place + 2, 2))
        let body = place + 8
        guard size <= block.upperBound - body else { throw Self.damaged }
        if let next = try take(try bytes.number(place, 2), body..<body + size) {
          blocks.append(next)
        }
        place = body + size
        left -= 1
        try HDF5File.spend(1, &steps)
      }
    }
  }

  /// Keeps a message, or returns the block of further ones that it names.
  private mutating func take(
    _ kind: UInt64, _ body: Range<Int>
  ) throws(WireFault) -> (Int, Int)? {
    switch kind {
    case 0x01: dataspace = body
    case 0x03: datatype = body
    case 0x08: layout = body
    case 0x10:
      guard body.count >= 16 else { throw Self.damaged }
      return (try bytes.offset(body.lowerBound), try bytes.offset(body.lowerBound + 8))
    case 0x11:
      guard body.count >= 16 else { throw Self.damaged }
      symbolTable = (try bytes.offset(body.lowerBound), try bytes.offset(body.lowerBound + 8))
    default: break
    }
    return nil
  }

  /// The object as an array, or `nil` if it is none, or one of texts or other values that no
  /// weights have.
  func array() throws(WireFault) -> HDF5Array? {
    guard let dataspace, let datatype, let layout, let type = try elementType(datatype) else {
      return nil
    }
    let shape = try shape(dataspace)
    guard let count = shapeCount(shape) else {
      throw WireFault(message: "An array has the invalid shape \(shape).")
    }
    let range = try contents(layout, count * type.byteCount)
    return HDF5Array(shape: shape, type: type, range: range)
  }

  /// IV.A.2.b, the dataspace message.
  private func shape(_ body: Range<Int>) throws(WireFault) -> [Int] {
    let version = try bytes.number(body.lowerBound, 1)
    let rank = Int(try bytes.number(body.lowerBound + 1, 1))
    let start = version == 1 ? 8 : 4
    guard (1...2).contains(version), rank <= ImportLimits.rank, body.count >= start + 8 * rank
    else { throw Self.damaged }
    var shape: [Int] = []
    for axis in 0..<rank {
      let side = try bytes.number(body.lowerBound + start + 8 * axis, 8)
      shape.append(Int(clamping: side))
    }
    return shape
  }

  /// IV.A.2.d, the datatype message: little-endian numbers.
  private func elementType(_ body: Range<Int>) throws(WireFault) -> ElementType? {
    guard body.count >= 8 else { throw Self.damaged }
    let kind = try bytes.number(body.lowerBound, 1) & 0x0F
    let flags = try bytes.number(body.lowerBound + 1, 1)
    let isLittleEndian = flags & 1 == 0
    let isSigned = flags & 8 != 0
    switch (kind, try bytes.number(body.lowerBound + 4, 4)) {
    case (1, 2) where isLittleEndian: return .float16
    case (1, 4) where isLittleEndian: return .float32
    case (1, 8) where isLittleEndian: return .float64
    case (0, 4) where isLittleEndian: return isSigned ? .int32 : .uint32
    case (0, 8) where isLittleEndian: return isSigned ? .int64 : .uint64
    default: return nil
    }
  }

  /// The bytes of an array of `size` bytes (IV.A.2.i, the data layout message).
  private func contents(_ body: Range<Int>, _ size: Int) throws(WireFault) -> Range<Int>? {
    guard body.count >= 4 else { throw Self.damaged }
    // Nothing is stored of an array of nothing.
    guard size > 0 else { return 0..<0 }
    let version = try bytes.number(body.lowerBound, 1)
    // The class comes after the rank in the versions before 3.
    let kind = try bytes.number(body.lowerBound + (version < 3 ? 2 : 1), 1)
    let place = body.lowerBound + (version < 3 ? 8 : 2)
    switch kind {
    case 0 where version >= 3:
      guard size <= body.count - 4 else { throw Self.damaged }
      return bytes.range(place + 2, size)
    case 1:
      guard body.count >= place - body.lowerBound + 8 else { throw Self.damaged }
      guard let start = try bytes.stated(place) else { return nil }
      guard let range = bytes.range(start, size) else { throw Self.damaged }
      return range
    default: return nil
    }
  }

  private static let damaged = WireFault(message: "An object's header is damaged.")
}
