import Foundation
package import Logging
import Support

/// The recordings of all cameras in one folder, and how much room they take.
///
/// `ROOT/CAMERA/2026-11-29/15/47-36.250.mp4` is a segment that began at that time, UTC. The oldest
/// segments of all cameras go when there is no room for new ones, so room has to be claimed before
/// it is written to; then those go that are older than their camera keeps them. A segment that is
/// being written stays, and so does one that someone reads (`hold`).
package final class RecordingStore: Sendable {
  /// How much may be kept.
  package struct Limits: Sendable {
    /// Bytes that all recordings together may take; `nil` for as many as there is room for.
    package var bytes: Int?
    /// Bytes of the file system that stay free, whatever fills it.
    package var minFree = 1 << 30
    /// Seconds that recordings are kept; `nil` for as long as there is room.
    package var age: Double?
    /// Seconds for cameras that keep theirs for another time.
    package var ages: [String: Double] = [:]

    /// Keeps everything while a gigabyte is free.
    package init() {}

    /// The same limits, with numbers that sums of them can't overflow.
    var bounded: Limits {
      let most = 1 << 60
      var limits = self
      limits.bytes = bytes.map { min(max($0, 0), most) }
      limits.minFree = min(max(minFree, 0), most)
      return limits
    }
  }

  /// A segment of a camera.
  struct Key: Hashable {
    var camera: String
    var name: SegmentName
  }

  struct State {
    var shelves: [String: SegmentShelf] = [:]
    /// Bytes that are claimed for what is being written.
    var claimed: Int64 = 0
    /// What is being written: up to when, in milliseconds since 1970, and the bytes on disk.
    var open: [Key: (end: Int64, written: Int64)] = [:]
    /// How many hold a segment.
    var held: [Key: Int] = [:]
    /// Those that couldn't be removed; they aren't tried again.
    var stuck: Set<Key> = []

    /// Bytes that are claimed and not on disk yet.
    var unwritten: Int64 { max(0, open.values.reduce(claimed) { $0 - $1.written }) }

    var byteCount: Int64 { shelves.values.reduce(claimed) { $0 + $1.byteCount } }
  }

  /// The folder of all recordings.
  package let root: String
  package let limits: Limits
  let logger: Logger
  let state = Locked(State())
  /// Asks how many bytes are free.
  let freeBytes: @Sendable (String) throws(FileError) -> Int

  /// Opens the folder `root`, or makes it, and looks for what earlier runs have left.
  ///
  /// - Throws: `RecordingError` if the folder can't be made or read.
  package convenience init(
    _ root: String, _ limits: Limits, logger: Logger
  ) throws(RecordingError) {
    try self.init(root, limits, logger: logger, freeBytes: PlainFile.freeBytes(at:))
  }

  /// Opens a folder of a file system that tells by `freeBytes` how many are free.
  init(
    _ root: String, _ limits: Limits, logger: Logger,
    freeBytes: @escaping @Sendable (String) throws(FileError) -> Int
  ) throws(RecordingError) {
    self.root = root
    self.limits = limits.bounded
    self.logger = logger
    self.freeBytes = freeBytes
    do throws(FileError) {
      try Self.makeFolder(root)
      for camera in try StoreScan.cameras(in: root) {
        let records = try StoreScan.segments(in: PathText.join(root, camera))
        state.withLock { $0.shelves[camera] = SegmentShelf(records) }
      }
    } catch {
      throw RecordingError(error)
    }
  }

  /// The bytes of all recordings, those that are being written included.
  package var byteCount: Int { Int(state.withLock { $0.byteCount }) }

  /// The folder of a camera's recordings.
  ///
  /// - Throws: `RecordingError` if the name can't be that of a folder.
  package func folder(of camera: String) throws(RecordingError) -> String {
    guard PlainPath.of(camera) == camera, !camera.contains("/"), !camera.hasPrefix(".") else {
      throw RecordingError(
        .name, camera, message: "A folder can't have the name of this camera.",
        remedy: "Name it with letters, digits and \"-\".")
    }
    return PathText.join(root, camera)
  }

  static func makeFolder(_ path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let code = (error as? CocoaError)?.underlying.flatMap { ($0 as? POSIXError)?.code.rawValue }
      throw FileError(code: code ?? EIO, call: "mkdir", path: path)
    }
  }

  func path(of key: Key) -> String {
    PathText.join(PathText.join(root, key.camera), key.name.path)
  }
}
