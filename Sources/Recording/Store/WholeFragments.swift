import Foundation
import Support

/// How much of a fragmented MP4 is whole, after the process that wrote it was killed.
enum WholeFragments {
  /// The number of bytes up to the end of the last fragment that is whole; all of them if the file
  /// isn't what is expected.
  static func byteCount(of path: String) -> Int {
    guard let size = try? PlainFile.extent(of: path).bytes,
      let file = FileHandle(forReadingAtPath: path)
    else { return 0 }
    defer { try? file.close() }
    var place = 0
    var whole = 0
    while size - place >= 8 {
      guard let box = box(at: place, in: file) else { return size }
      let (end, overflow) = place.addingReportingOverflow(box.size)
      guard !overflow, end <= size else { return whole }
      place = end
      // The description of a fragment is nothing without the data after it.
      if box.type != "moof" { whole = end }
    }
    return whole
  }

  /// The box at a place; `nil` if there is something else.
  private static func box(at place: Int, in file: FileHandle) -> (size: Int, type: String)? {
    guard (try? file.seek(toOffset: UInt64(place))) != nil,
      let head = try? file.read(upToCount: 8), head.count == 8
    else { return nil }
    let bytes = [UInt8](head)
    // Fragments are far too small for sizes of 64 bits, which a 1 would announce.
    let size = number(bytes[..<4])
    guard size >= 8 else { return nil }
    return (size, String(decoding: bytes[4...], as: UTF8.self))
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
