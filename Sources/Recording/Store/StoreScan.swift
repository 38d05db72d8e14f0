import Foundation
import Support

/// What is found on disk when the program starts.
enum StoreScan {
  /// The cameras that have a folder in `root`.
  static func cameras(in root: String) throws(FileError) -> [String] {
    try FolderListing.folders(in: root).map(PathText.name)
  }

  /// The segments in a camera's folder.
  ///
  /// Those that the indexes lack were being written when the process was killed, or the index is
  /// lost. How long they last is told by when they were last written; they are entered.
  ///
  /// - Throws: `FileError` if a folder can't be read.
  static func segments(in folder: String) throws(FileError) -> [SegmentRecord] {
    var records: [SegmentRecord] = []
    for day in try FolderListing.folders(in: folder).map(PathText.name) {
      let index = DayIndex.read(day: day, in: folder)
      for hour in try FolderListing.folders(in: PathText.join(folder, day)).map(PathText.name) {
        let inner = PathText.join(day, hour)
        for file in try FolderListing.names(in: PathText.join(folder, inner)) {
          guard let name = SegmentName(PathText.join(inner, file)) else { continue }
          if let known = index[PathText.join(hour, file)] {
            records.append(SegmentRecord(name, milliseconds: known.duration, bytes: known.bytes))
          } else if let found = found(name, in: folder) {
            records.append(found)
          }
        }
      }
    }
    return records
  }

  /// A segment that isn't in the index; `nil`, and removed, if it has nothing to play.
  private static func found(_ name: SegmentName, in folder: String) -> SegmentRecord? {
    let path = PathText.join(folder, name.path)
    return try? DiskCall.run("stat", path) { _ throws(FileError) in
      let extent = try PlainFile.extent(of: path)
      guard extent.bytes >= SegmentRecord.leastBytes else {
        try PlainFile.remove(path)
        return nil
      }
      let whole = WholeFragments.byteCount(of: path)
      if whole < extent.bytes { try PlainFile.truncate(path, to: whole) }
      let seconds = extent.modified.timeIntervalSince(name.date)
      let record = SegmentRecord(
        name, seconds: min(max(seconds, 0), longest), bytes: whole)
      try? DayIndex.add(record, in: folder)
      return record
    }
  }

  /// More seconds than that between the name and the time of a file say that it was copied.
  private static let longest = 3600.0
}
