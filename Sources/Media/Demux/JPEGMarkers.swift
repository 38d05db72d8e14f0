/// Finds the markers of a JPEG picture that have a segment or end the picture (ITU-T T.81, B.1.1).
struct JPEGMarkers<Source: ByteSource> {
  private let source: Source
  /// A part of the file that was read to be searched, kept for the next search.
  private var block: [UInt8] = []
  private var blockStart = 0

  private static var blockSize: Int { 1 << 16 }

  init(_ source: Source) { self.source = source }

  /// The next marker from `offset` on, and where it ends; what is between is a scan's data.
  mutating func next(from offset: Int) -> (code: UInt8, end: Int)? {
    // Segments mostly follow each other, so a search is rarely needed.
    let head = source.bytes(at: offset, count: 2)
    if head.count == 2, Self.isMarker(head[0], head[1]) { return (head[1], offset + 2) }
    var place = offset
    while place < source.size {
      if place < blockStart || place + 1 >= blockStart + block.count {
        block = source.bytes(at: place, count: Self.blockSize)
        blockStart = place
        guard block.count > 1 else { return nil }
      }
      for index in (place - blockStart)..<(block.count - 1)
      where Self.isMarker(block[index], block[index + 1]) {
        return (block[index + 1], blockStart + index + 2)
      }
      place = blockStart + block.count - 1
    }
    return nil
  }

  private static func isMarker(_ byte: UInt8, _ code: UInt8) -> Bool {
    byte == 0xFF && code != 0 && code != 0xFF && !(0xD0...0xD8).contains(code)
  }
}

extension PacketBytes {
  /// The bytes of a packet of Motion JPEG that belong to no picture and are more than padding:
  /// those behind its end, or zeros within it.
  var strayBytes: Int {
    let step = 1 << 12
    var end = size
    while end > 0 {
      // One byte more, for a marker that lies across two pieces.
      let start = max(0, end - step)
      let piece = bytes(at: start, count: end - start + 1)
      let last = piece.indices.dropLast().last { piece[$0] == 0xFF && piece[$0 + 1] == 0xD9 }
      if let last {
        let stray = size - (start + last + 2)
        return stray > max(1 << 14, size - stray) ? stray : zeros(step)
      }
      end = start
    }
    return 0
  }

  /// The bytes of stretches of zeros that are longer than any in a picture.
  private func zeros(_ step: Int) -> Int {
    var (total, run) = (0, 0)
    for start in stride(from: 0, through: size - step, by: step) {
      let isEmpty =
        bytes(at: start, count: 1) == [0]
        && bytes(at: start, count: step).allSatisfy { $0 == 0 }
      run = isEmpty ? run + 1 : 0
      if run >= 4 { total += run == 4 ? 4 * step : step }
    }
    return total
  }
}
