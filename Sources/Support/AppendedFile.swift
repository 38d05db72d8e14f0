package import Foundation

/// A file that grows under its own name and keeps what earlier runs have written.
///
/// Its text consists of whole lines: a line that a killed process has left unfinished is removed
/// when the file is opened, and so is one that the disk has no room for. While the file is open,
/// other writers are refused. Use it from one thread at a time.
package final class AppendedFile {
  /// The path as given.
  package let path: String
  /// How many bytes the file has.
  package private(set) var size = 0
  /// When its first line was written; of a file that was there before, when its last one was.
  package private(set) var begun = Date()
  private var descriptor: Int32

  /// Opens `path`, or makes it.
  package init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = try DiskCall.run("open", path) { work throws(FileError) in
      try withFolderLock(of: path) { () throws(FileError) in try Self.open(path, work) }
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(code: EINVAL, call: "open", path: path)
    }
    size = Int(status.st_size)
    if size > 0 {
      begun = Self.modificationTime(status)
      try checkLines()
    }
  }

  deinit { close(descriptor) }

  /// Appends whole lines.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    // Another program may have emptied the file, as log rotation does with a copy.
    let start = lseek(descriptor, 0, SEEK_END)
    let code = unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: descriptor, isResult: true) }
    if let code {
      if start >= 0 { _ = ftruncate(descriptor, start) }
      throw FileError(code: code, call: "write", path: path)
    }
    size = max(Int(start), 0) + bytes.count
  }

  /// Gives the file the first of `names`, which are paths, that no file has, and goes on with a new
  /// one under the old name.
  package func rotate(to names: some Sequence<String>) throws(FileError) {
    try sync()
    let next = try withFolderLock(of: path) { () throws(FileError) in
      // Unless another program has moved it already.
      if isStillThere, let name = names.first(where: { !Self.exists($0) }) {
        guard unsafe rename(FileName.cString(path), FileName.cString(name)) == 0 else {
          throw failure("rename")
        }
      }
      return try Self.open(path, DiskWork(path))
    }
    close(descriptor)
    descriptor = next
    size = 0
    begun = Date()
    syncFolder(of: path)
  }

  /// Syncs the file to disk.
  package func finish() throws(FileError) {
    try sync()
    syncFolder(of: path)
  }

  private func sync() throws(FileError) {
    guard OutputActivity.whileSyncing({ fsync(descriptor) }) == 0 else { throw failure("fsync") }
  }

  /// Opens and claims the file; call it under the folder's lock.
  private static func open(_ path: String, _ work: DiskWork) throws(FileError) -> Int32 {
    try OutputClaim.refuseOthers(path, work)
    let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
    let descriptor = unsafe Foundation.open(FileName.cString(path), flags, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
    guard OutputClaim.take(descriptor) else {
      close(descriptor)
      throw .inUse(path)
    }
    return descriptor
  }

  /// Whether the path still leads to this file.
  private var isStillThere: Bool {
    var named = stat()
    var opened = stat()
    return unsafe stat(FileName.cString(path), &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(FileName.cString(path), &status) == 0
  }

  private static func modificationTime(_ status: stat) -> Date {
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  private func failure(_ call: String) -> FileError {
    FileError(code: errno, call: call, path: path)
  }
}

extension AppendedFile {
  /// More than a line has: a frame of ten thousand objects takes two megabytes.
  private static let longestLine = 64 << 20

  /// Makes sure that the file has JSON lines, and removes the text after the last line end unless
  /// that is a whole line.
  private func checkLines() throws(FileError) {
    guard try bytes(from: 0, count: 1) == [UInt8(ascii: "{")] else { throw notLines }
    let tail = try unfinishedLine()
    guard !tail.isEmpty else { return }
    if (try? JSONSerialization.jsonObject(with: Data(tail))) != nil {
      try write([UInt8(ascii: "\n")])
    } else {
      guard ftruncate(descriptor, off_t(size - tail.count)) == 0 else {
        throw failure("ftruncate")
      }
      size -= tail.count
    }
  }

  /// The bytes after the last line end.
  private func unfinishedLine() throws(FileError) -> [UInt8] {
    var blocks: [[UInt8]] = []
    var start = size
    while start > 0 {
      guard size - start < Self.longestLine else { throw notLines }
      let count = min(start, 1 << 16)
      start -= count
      let block = try bytes(from: start, count: count)
      if let end = block.lastIndex(of: UInt8(ascii: "\n")) {
        blocks.append(Array(block[(end + 1)...]))
        break
      }
      blocks.append(block)
    }
    return Array(blocks.reversed().joined())
  }

  private func bytes(from start: Int, count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe pread(descriptor, bytes.baseAddress, count, off_t(start))
    }
    // A short read has no error: another program has cut the file off.
    guard read < 0 || read == count else { throw FileError(code: EIO, call: "pread", path: path) }
    guard read == count else { throw failure("pread") }
    return bytes
  }

  private var notLines: FileError { FileError(code: EINVAL, call: FileError.append, path: path) }
}
