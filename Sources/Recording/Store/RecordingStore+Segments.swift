package import Foundation
import Logging
import Support

extension RecordingStore {
  /// Makes the file of a segment of `camera` that begins at `date`; what is there is never
  /// overwritten, whatever the clock says.
  func begin(_ camera: String, at date: Date) throws(RecordingError) -> Key {
    let folder = try folder(of: camera)
    var code: Int32 = 0
    var copy: UInt16 = 1
    // A folder may be removed as empty just before its first file is made.
    for _ in 0..<Self.mostTries {
      let name = SegmentName(date, copy: copy)
      do throws(FileError) {
        try Self.makeFolder(PathText.join(folder, name.folder))
        try PlainFile.create(PathText.join(folder, name.path))
      } catch {
        code = error.code
        guard code == EEXIST || code == ENOENT else { throw RecordingError(error) }
        if code == EEXIST { copy += 1 }
        continue
      }
      let key = Key(camera: camera, name: name)
      state.withLock { $0.open[key] = (name.milliseconds, 0) }
      return key
    }
    throw RecordingError(FileError(code: code, call: "open", path: folder))
  }

  private static let mostTries = 1000

  /// Notes how long a segment is that is being written, and how many bytes of it are on disk.
  func note(_ key: Key, seconds: Double, written: Int) {
    let end = SegmentRecord(key.name, seconds: seconds, bytes: 0).end
    state.withLock { if $0.open[key] != nil { $0.open[key] = (end, Int64(written)) } }
  }

  /// Ends a segment, for which `claimed` bytes were claimed; one with nothing to play is removed.
  func end(_ key: Key, seconds: Double, claimed: Int) {
    let bytes = (try? PlainFile.extent(of: path(of: key)).bytes) ?? 0
    let record = SegmentRecord(key.name, seconds: seconds, bytes: bytes)
    let isKept = bytes >= SegmentRecord.leastBytes
    if !isKept { try? PlainFile.remove(path(of: key)) }
    state.withLock { state in
      state.open[key] = nil
      state.claimed -= Int64(claimed)
      if isKept { state.shelves[key.camera, default: SegmentShelf()].add(record) }
    }
    guard isKept else { return }
    do throws(FileError) {
      try DayIndex.add(record, in: PathText.join(root, key.camera))
    } catch {
      // It is found in the folder when the program starts.
      logger.debug(
        "not entered into the index: \(error.reason)", metadata: ["file": "\(error.path)"])
    }
  }

  /// A segment that is held, so that it isn't removed.
  package struct Segment: Hashable, Sendable {
    /// The path of its file.
    package let path: String
    /// When it began.
    package let start: Date
    /// Seconds that it lasts; what is being written may be longer by now.
    package let seconds: Double
  }

  /// What holds segments for as long as it exists.
  package final class Hold: Sendable {
    /// The segments, in order.
    package let segments: [Segment]
    private let keys: [Key]
    private let store: RecordingStore

    fileprivate init(_ segments: [Segment], _ keys: [Key], _ store: RecordingStore) {
      (self.segments, self.keys, self.store) = (segments, keys, store)
    }

    deinit {
      store.state.withLock { state in
        for key in keys {
          let count = state.held[key, default: 1] - 1
          state.held[key] = count > 0 ? count : nil
        }
      }
    }
  }

  /// Holds a camera's segments that have something from between two moments.
  package func hold(_ camera: String, from: Date, to: Date) -> Hold {
    let (first, last) = (SegmentName(from).milliseconds, SegmentName(to).milliseconds)
    let found: [(key: Key, end: Int64)] = state.withLock { state in
      let ended = state.shelves[camera]?.overlapping(first, last) ?? []
      let open = state.open.filter {
        $0.key.camera == camera && $0.key.name.milliseconds <= last && $0.value.end >= first
      }
      let all =
        ended.map { (Key(camera: camera, name: $0.name), $0.end) }
        + open.map { ($0.key, $0.value.end) }
      for (key, _) in all { state.held[key, default: 0] += 1 }
      return all
    }
    let sorted = found.sorted { $0.key.name < $1.key.name }
    let segments = sorted.map { key, end in
      Segment(
        path: path(of: key), start: key.name.date,
        seconds: Double(end - key.name.milliseconds) / 1000)
    }
    return Hold(segments, sorted.map(\.key), self)
  }
}
