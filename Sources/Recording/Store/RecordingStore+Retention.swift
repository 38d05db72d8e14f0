package import Foundation
import Logging
import Support

extension RecordingStore {
  /// Claims room for so many bytes more; the oldest segments of all cameras make it.
  ///
  /// - Throws: `RecordingError` "no_room" if they don't: what is left is being written or read, or
  ///   others fill the disk.
  package func claim(_ bytes: Int) throws(RecordingError) {
    var missing = try shortfall(bytes)
    guard missing > 0 else { return }
    while missing > 0, let victim = takeOldest() { missing -= remove(victim) }
    // Asked again, since others may use what has become free.
    guard try shortfall(bytes) > 0 else { return }
    throw RecordingError(
      .noRoom, root, message: "There is no room for recordings.", remedy: RecordingError.room)
  }

  /// Gives claimed room back.
  package func release(_ bytes: Int) { state.withLock { $0.claimed -= Int64(bytes) } }

  /// Removes what is older than its camera keeps it.
  package func expire(at now: Date = Date()) {
    let cameras = state.withLock { Array($0.shelves.keys) }
    for camera in cameras {
      guard let age = limits.ages[camera] ?? limits.age else { continue }
      let last = SegmentName(now - max(age, 0)).milliseconds
      while let victim = takeOldest(of: camera, endingBefore: last) { _ = remove(victim) }
    }
  }

  /// How many bytes have to go before so many more may be written; claims them if none have.
  private func shortfall(_ bytes: Int) throws(RecordingError) -> Int64 {
    let free: Int
    do { free = try freeBytes(root) } catch { throw RecordingError(error) }
    return state.withLock { state in
      let above = limits.bytes.map { state.byteCount + Int64(bytes) - Int64($0) } ?? 0
      let lacking = Int64(limits.minFree) + state.unwritten + Int64(bytes) - Int64(free)
      let missing = max(above, lacking, 0)
      if missing == 0 { state.claimed += Int64(bytes) }
      return missing
    }
  }

  /// Takes the oldest segment that may go off its shelf.
  private func takeOldest(of only: String? = nil, endingBefore last: Int64 = .max) -> Victim? {
    state.withLock { state in
      var oldest: (key: Key, index: Int)?
      for (camera, shelf) in state.shelves where only == nil || only == camera {
        let index = shelf.all.firstIndex { record in
          let key = Key(camera: camera, name: record.name)
          return state.held[key] == nil && !state.stuck.contains(key)
        }
        guard let index, shelf.all[index].end < last else { continue }
        let name = shelf.all[index].name
        if oldest.map({ name < $0.key.name }) ?? true {
          oldest = (Key(camera: camera, name: name), index)
        }
      }
      guard let oldest, let record = state.shelves[oldest.key.camera]?.remove(at: oldest.index)
      else { return nil }
      return Victim(key: oldest.key, record: record)
    }
  }

  private struct Victim {
    var key: Key
    var record: SegmentRecord
  }

  /// Removes a segment's file; returns how many bytes have become free.
  private func remove(_ victim: Victim) -> Int64 {
    let path = path(of: victim.key)
    do throws(FileError) {
      try PlainFile.remove(path)
    } catch {
      // Another program has removed it.
      if error.code != ENOENT {
        logger.error("it can't be removed: \(error.reason)", metadata: ["file": "\(path)"])
        state.withLock { state in
          state.stuck.insert(victim.key)
          state.shelves[victim.key.camera]?.add(victim.record)
        }
        return 0
      }
    }
    removeFolders(above: victim.key)
    return victim.record.bytes
  }

  /// Removes the folders of a segment that was the last in them.
  private func removeFolders(above key: Key) {
    let folder = PathText.join(root, key.camera)
    guard PlainFile.removeEmptyFolder(PathText.join(folder, key.name.folder)) else { return }
    let day = PathText.join(folder, key.name.day)
    guard (try? FolderListing.names(in: day)) == [DayIndex.name] else { return }
    try? PlainFile.remove(PathText.join(day, DayIndex.name))
    _ = PlainFile.removeEmptyFolder(day)
  }
}
