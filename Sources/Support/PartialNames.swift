internal import Foundation

/// The temporary files in folders, so that a folder of thousands of files is listed once and not
/// for each file that is written there.
///
/// What was listed holds for as long as the folder isn't changed by others. Its time of change
/// tells that, in steps of a few milliseconds on some systems: a file that another process makes
/// in the same step as this one may be overlooked. Both are written then, and the later one stays.
final class PartialNames: Sendable {
  private struct Listing {
    var names: Set<[UInt8]>
    var changed: ChangeTime
  }

  /// Those of this process.
  static let shared = PartialNames()

  private let listings = Locked<[FolderIdentity: Listing]>([:])

  /// The names of temporary files in `folder`, from `list` if they aren't known.
  func names(
    in folder: String, _ list: () throws(FileError) -> Set<[UInt8]>
  ) throws(FileError) -> Set<[UInt8]> {
    guard let now = FolderState(folder) else { return try list() }
    let known = listings.withLock { $0[now.folder] }
    if let known, known.changed == now.changed { return known.names }
    let names = try list()
    listings.withLock { $0[now.folder] = Listing(names: names, changed: now.changed) }
    return names
  }

  /// Whether the temporary files in `folder` have been listed.
  func knows(_ folder: String) -> Bool {
    guard listings.withLock({ !$0.isEmpty }), let state = FolderState(folder) else { return false }
    return listings.withLock { $0[state.folder] != nil }
  }

  /// Runs `body`, which adds a name to `folder` or removes one, without making what is known of
  /// the folder useless.
  ///
  /// Call it under the folder's lock, so that no other writer changes the folder meanwhile.
  func keeping<Result>(
    _ folder: String, _ body: () throws(FileError) -> Result,
    _ update: (inout Set<[UInt8]>, Result) -> Void
  ) throws(FileError) -> Result {
    guard let before = FolderState(folder),
      listings.withLock({ $0[before.folder]?.changed == before.changed })
    else { return try body() }
    let result = try body()
    if let after = FolderState(folder), after.folder == before.folder {
      listings.withLock { listings in
        guard var known = listings[after.folder] else { return }
        update(&known.names, result)
        known.changed = after.changed
        listings[after.folder] = known
      }
    }
    return result
  }
}

/// A folder, and when it was changed last.
private struct FolderState {
  let folder: FolderIdentity
  let changed: ChangeTime

  /// `nil` if the folder can't be opened.
  init?(_ path: String) {
    let descriptor = unsafe open(
      FileName.cString(path.isEmpty ? "." : path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard let identity = FolderIdentity(descriptor), unsafe fstat(descriptor, &status) == 0 else {
      return nil
    }
    folder = identity
    changed = ChangeTime(status)
  }
}

private struct ChangeTime: Equatable {
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    #if canImport(Darwin)
    let time = status.st_ctimespec
    #else
    let time = status.st_ctim
    #endif
    (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
  }
}
