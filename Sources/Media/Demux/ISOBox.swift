/// A box of an ISO base media file (ISO/IEC 14496-12, 4.2), by where its content lies.
struct ISOBox {
  /// Four characters.
  let type: String
  /// Where its content begins, and where it ends.
  let start, end: Int

  /// The length of its content.
  var size: Int { end - start }

  /// No file has more boxes beside each other than this.
  private static let limit = 100_000

  /// The boxes between two places, up to the first that makes no sense.
  static func boxes(in source: some ByteSource, from start: Int, to end: Int) -> [ISOBox] {
    var boxes: [ISOBox] = []
    visit(source, from: start, to: end) {
      boxes.append($0)
      return true
    }
    return boxes
  }

  /// The first box of a type between two places.
  static func first(
    _ type: String, in source: some ByteSource, from start: Int, to end: Int
  ) -> ISOBox? {
    var found: ISOBox?
    visit(source, from: start, to: end) {
      if $0.type == type { found = $0 }
      return found == nil
    }
    return found
  }

  /// The first box of a type in bytes that consist of boxes.
  static func first(_ type: String, in bytes: [UInt8]) -> ISOBox? {
    first(type, in: bytes, from: 0, to: bytes.count)
  }

  /// Calls `body` for each box until it returns false.
  private static func visit(
    _ source: some ByteSource, from start: Int, to end: Int, _ body: (ISOBox) -> Bool
  ) {
    var offset = start
    for _ in 0..<limit {
      let head = source.bytes(at: offset, count: 16)
      guard offset + 8 <= end, let short = head.integer(at: 0, count: 4) else { return }
      let isLong = short == 1
      // Sizes of 2^56 and more are beyond every file.
      guard !isLong || head.integer(at: 8, count: 1) == 0 else { return }
      let size = isLong ? head.integer(at: 9, count: 7) ?? 0 : short == 0 ? end - offset : short
      guard size >= (isLong ? 16 : 8), offset + size <= end else { return }
      let type = String(decoding: head[4..<8], as: UTF8.self)
      guard body(ISOBox(type: type, start: offset + (isLong ? 16 : 8), end: offset + size)) else {
        return
      }
      offset += size
    }
  }
}
