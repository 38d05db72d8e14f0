internal import Foundation
internal import Support

/// What has arrived of a file so far, in a folder of its own, with a note of what it is.
///
/// The folder outlives the process, so that a later one can go on. One process at a time has it.
final class PartialDownload {
  /// What the bytes are of.
  struct Note: Codable, Equatable {
    var address: String
    /// The version on the server (`ResponseHead.validator`).
    var validator: String?
    var total: Int?
  }

  /// The file with the bytes.
  let path: String
  private(set) var byteCount = 0
  private(set) var hash = RunningHash()
  private(set) var note: Note
  /// Whether the bytes came in several answers, which may have been of different files.
  var wasContinued = false
  private let folder: String
  private let descriptor: Int32

  private static let blockSize = 1 << 20

  /// Opens what there is of the file at `address`, or begins it.
  ///
  /// `name` is the file's own name, which importers may look at.
  ///
  /// - Throws: `DownloadError`, with `in_use` if another process downloads the same.
  init(of address: WebAddress, named name: String, in place: String) throws(DownloadError) {
    let key = String(RunningHash.digits(of: address.identity).prefix(32))
    folder = PathText.join(place, key)
    path = PathText.join(folder, name)
    note = Note(address: address.identity)
    if let code = Self.makeFolder(folder) { throw Self.failure(code, folder) }
    descriptor = unsafe open(
      FileName.cString(path), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(errno, path) }
    // One that has just been removed was another process's, which has finished.
    var status = stat()
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
      unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0
    else {
      throw DownloadError(
        .inUse, address.text, "Another process is downloading this file.",
        remedy: "Wait for it, then use the model by its name.")
    }
    try readBack()
  }

  deinit { close(descriptor) }

  /// Reads the bytes of an earlier process, unless they are of something else.
  private func readBack() throws(DownloadError) {
    guard let data = try? Data(contentsOf: URL(filePath: notePath)), data.count <= 65536,
      let known = try? JSONDecoder().decode(Note.self, from: data), known.address == note.address
    else { return try restart() }
    note = known
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(errno, path) }
      if count == 0 { return }
      hash.add(Array(block[..<count]))
      byteCount += count
    }
  }

  /// Forgets the bytes.
  func restart() throws(DownloadError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Self.failure(errno, path)
    }
    (byteCount, hash, wasContinued) = (0, RunningHash(), false)
    try keep(Note(address: note.address))
  }

  /// Writes down what the bytes that follow are of.
  func keep(_ new: Note) throws(DownloadError) {
    note = new
    let bytes = [UInt8]((try? JSONEncoder().encode(new)) ?? Data())
    do throws(FileError) {
      try writeAtomically(to: notePath, failure: { $0 }) { (file) throws(FileError) in
        try file.write(bytes)
      }
    } catch {
      throw Self.failure(error.code, error.path)
    }
  }

  /// Adds bytes.
  func append(_ bytes: [UInt8]) throws(DownloadError) {
    let code = unsafe bytes.withUnsafeBytes {
      unsafe writeAll($0, to: descriptor, isResult: true)
    }
    if let code {
      // What was written in part must not count.
      _ = ftruncate(descriptor, off_t(byteCount))
      lseek(descriptor, off_t(byteCount), SEEK_SET)
      throw Self.failure(code, path)
    }
    hash.add(bytes)
    byteCount += bytes.count
  }

  /// Removes the file and its folder.
  func remove() {
    try? FileManager.default.removeItem(atPath: folder)
    // Other downloads may be in it.
    _ = unsafe rmdir(FileName.cString(PathText.parent(of: folder)))
  }

  /// Makes a folder and those above it; returns `errno` if that fails, else `nil`.
  private static func makeFolder(_ path: String) -> Int32? {
    if unsafe mkdir(FileName.cString(path), 0o777) == 0 || errno == EEXIST { return nil }
    let parent = PathText.parent(of: path)
    guard errno == ENOENT, !parent.isEmpty, parent != path else { return errno }
    if let code = makeFolder(parent) { return code }
    return unsafe mkdir(FileName.cString(path), 0o777) == 0 || errno == EEXIST ? nil : errno
  }

  private var notePath: String { PathText.join(folder, ".note.json") }

  private static func failure(_ code: Int32, _ path: String) -> DownloadError {
    let isFull = code == ENOSPC || code == EDQUOT
    return DownloadError(
      isFull ? .diskFull : .writeFailed, path,
      "It cannot be written: \(unsafe String(cString: strerror(code))).",
      remedy: isFull
        ? "Free some space, or set STREAM_DETECT_MODELS to another folder."
        : "Make the folder writable, or set STREAM_DETECT_MODELS to another one.")
  }
}
