import Foundation
import Support

/// What is known of the segments of one day of a camera: the file `index` in the day's folder.
///
/// A line for each segment that was ended: its path in the folder, its milliseconds and its bytes.
/// It saves looking at each file when the program starts, and is no more than that: what it lacks
/// is found in the folder, and what it names besides is gone. So nothing has to be right about it:
/// a line that a kill has cut off is one that it lacks.
enum DayIndex {
  static let name = "index"
  /// A line that names more is damaged.
  private static let mostBytes: Int64 = 1 << 40

  /// Adds the line of a segment; `folder` is the camera's.
  static func add(_ record: SegmentRecord, in folder: String) throws(FileError) {
    let day = record.name.day
    let file = String(record.name.path.dropFirst(day.utf8.count + 1))
    // A line of its own, also after one that was cut off.
    let line = "\n\(file) \(record.duration) \(record.bytes)\n"
    try PlainFile.append(
      Array(line.utf8), to: PathText.join(PathText.join(folder, day), name))
  }

  /// The lines of a day, by path; empty if there is no index.
  static func read(day: String, in folder: String) -> [String: (duration: Int32, bytes: Int64)] {
    let path = PathText.join(PathText.join(folder, day), name)
    let found = try? DiskCall.run("open", path) { _ throws(FileError) in
      FileManager.default.contents(atPath: path) ?? Data()
    }
    var lines: [String: (duration: Int32, bytes: Int64)] = [:]
    for line in (found ?? Data()).split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard words.count == 3, let duration = Int32(words[1]), duration >= 0,
        let bytes = Int64(words[2]), (0...mostBytes).contains(bytes)
      else { continue }
      lines[words[0]] = (duration, bytes)
    }
    return lines
  }
}
