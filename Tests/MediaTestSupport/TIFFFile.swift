/// A TIFF file with one strip of grey pixels.
package struct TIFFFile {
  private let width, height: Int
  /// Whether its numbers begin with the lowest byte.
  package var isLittleEndian = false
  /// 42, or 43 for BigTIFF.
  package var version = 42
  /// Values of further tags, or instead of the usual ones.
  package var tags: [Int: Int] = [:]

  package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// The file's bytes.
  package var bytes: [UInt8] {
    var all = [
      256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: height,
      279: width * height,
    ].merging(tags) { $1 }
    // The pixels follow the directory.
    all[273] = 8 + 2 + 12 * all.count + 4
    let mark: [UInt8] = isLittleEndian ? [0x49, 0x49] : [0x4D, 0x4D]
    var bytes = mark + number(version, 2) + number(8, 4) + number(all.count, 2)
    for (tag, value) in all.sorted(by: { $0.key < $1.key }) {
      bytes += number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4)
    }
    return bytes + number(0, 4) + [UInt8](repeating: 128, count: width * height)
  }

  private func number(_ value: Int, _ width: Int) -> [UInt8] {
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isLittleEndian ? bytes : bytes.reversed()
  }
}
