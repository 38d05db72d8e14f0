internal import Foundation

/// A file that is being written: under a temporary name until it is complete, then under its own.
///
/// The temporary name, `X.k3j9x0ab7c2q.partial` beside `X`, is another one each time and is made
/// for this file alone, so nothing that exists is ever written to. What a failed run has written
/// stays under it: it may be worth keeping, and can't be mistaken for a result. The next writer of
/// `X` removes it.
///
/// While the file is open, other writers of the same `X` are refused. `AtomicFile` writes bytes;
/// use this type directly only for writers that open the file themselves, such as FFmpeg. Use it
/// from one thread at a time.
package final class PartialFile {
  /// The final name.
  package let path: String
  /// The name while the file is being written.
  package let partialPath: String
  /// The file, open for writing.
  let descriptor: Int32
  private var isOpen = true
  /// Whether the file has its final name, and stays claimed.
  private var isPublished = false

  /// Makes the temporary file for `path`.
  ///
  /// - Parameters:
  ///   - path: The final name.
  ///   - claims: Whether other writers of `path` are looked for, which reads the whole folder.
  /// - Throws: `FileError`, one that `isInUse` if another process writes `path`.
  package init(_ path: String, claims: Bool = true) throws(FileError) {
    let folder = PathText.parent(of: path)
    let name = PathText.name(of: path)
    self.path = path
    (descriptor, partialPath) = try DiskCall.run("open", path) { work throws(FileError) in
      let isFolder = (try? FileStatus(waitingFor: path))?.kind == .folder
      guard !name.isEmpty, !isFolder else {
        throw FileError(code: EISDIR, call: "open", path: path)
      }
      if !claims, !PartialNames.shared.knows(folder) {
        return try Self.make(path, name, in: folder)
      }
      return try withFolderLock(of: path) { () throws(FileError) in
        if claims { try OutputClaim.refuseOthers(path, work) }
        return try PartialNames.shared.keeping(folder) { () throws(FileError) in
          try Self.make(path, name, in: folder)
        } _: { names, made in
          names.insert(FileName.bytes(PathText.name(of: made.1)))
        }
      }
    }
  }

  /// Runs `body`, which takes the temporary name from the folder.
  private func removingName(_ body: () -> Int32) -> Int32 {
    let folder = PathText.parent(of: path)
    guard PartialNames.shared.knows(folder) else { return body() }
    let result = try? withFolderLock(of: path) { () throws(FileError) in
      try PartialNames.shared.keeping(folder) { () throws(FileError) in
        // The error has to outlast what follows.
        (result: body(), code: errno)
      } _: { names, outcome in
        if outcome.result == 0 { names.remove(FileName.bytes(PathText.name(of: partialPath))) }
      }
    }
    errno = result?.code ?? EIO
    return result?.result ?? -1
  }

  /// Makes and locks a file with a name that nothing has.
  private static func make(
    _ path: String, _ name: String, in folder: String
  ) throws(FileError) -> (Int32, String) {
    var code = EEXIST
    for _ in 0..<100 where code == EEXIST || code == EINTR {
      let partialPath = PathText.join(folder, TemporaryName.random(for: name))
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      let descriptor = unsafe open(FileName.cString(partialPath), flags, 0o666)
      if descriptor >= 0 {
        _ = OutputClaim.take(descriptor)
        return (descriptor, partialPath)
      }
      code = errno
    }
    throw FileError(code: code, call: "open", path: path)
  }

  deinit {
    guard isOpen else { return }
    // Nothing was written, so there is nothing to keep.
    if size == 0, !isPublished { _ = unsafe unlink(FileName.cString(partialPath)) }
    close(descriptor)
  }

  /// Whether `path` is a device, a pipe or a socket, which must be written in place.
  package static func isSpecial(_ path: String) -> Bool {
    do throws(FileError) {
      return try FileStatus(path).kind == .special
    } catch {
      // A mistyped device must not become a file.
      return path.utf8.starts(with: "/dev/".utf8) && !path.utf8.starts(with: "/dev/shm/".utf8)
    }
  }

  /// Gives the file its final name; `syncs` says whether it is brought to the disk first.
  package func commit(syncs: Bool = true) throws(FileError) {
    guard isOpen else { return }
    try bringToDisk(syncs: syncs)
    let result = removingName {
      unsafe rename(FileName.cString(partialPath), FileName.cString(path))
    }
    guard result == 0 else { throw failure("rename") }
    isOpen = false
    close(descriptor)
    if syncs { syncFolder(of: path) }
  }

  /// Gives the file its final name if nothing has that, and returns whether it did.
  ///
  /// Either way the file stays claimed until the value is released or discarded: a writer of
  /// several files keeps others away until the last of them is in its place.
  package func publish() throws(FileError) -> Bool {
    guard isOpen, !isPublished else { return false }
    try bringToDisk(syncs: true)
    var code: Int32 = 0
    let result = removingName {
      code = Self.nameIfFree(from: partialPath, to: path)
      return code == 0 ? 0 : -1
    }
    if code == EEXIST { return false }
    guard result == 0 else {
      throw FileError(code: code == 0 ? errno : code, call: "link", path: path)
    }
    isPublished = true
    syncFolder(of: path)
    return true
  }

  /// Moves a file to a name that must be free; returns `errno`, 0 for success.
  private static func nameIfFree(from partial: String, to path: String) -> Int32 {
    let (old, new) = (FileName.cString(partial), FileName.cString(path))
    if unsafe link(old, new) == 0 {
      // A kill between the two leaves two names for one file, which the next writer tidies up.
      _ = unsafe unlink(old)
      return 0
    }
    guard ![EEXIST, ENOSPC, EDQUOT, EACCES, EROFS, ENOENT, EIO].contains(errno) else {
      return errno
    }
    // A file system without links: an empty file takes the name, which succeeds for one writer.
    let taken = unsafe open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard taken >= 0 else { return errno }
    close(taken)
    return unsafe rename(old, new) == 0 ? 0 : errno
  }

  private func bringToDisk(syncs: Bool) throws(FileError) {
    if syncs {
      guard OutputActivity.whileSyncing({ fsync(descriptor) }) == 0 else { throw failure("fsync") }
    }
    // Some file systems report a full disk only when a descriptor is closed. This one is closed
    // last: its lock keeps other writers away until the file has its name.
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy < 0 || close(copy) == 0 else { throw failure("close") }
  }

  /// Appends all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    let bytes = bytes.span
    let code = unsafe bytes.withUnsafeBytes { bytes in
      unsafe writeAll(bytes, to: descriptor, isResult: true)
    }
    if let code { throw FileError(code: code, call: "write", path: path) }
  }

  /// Removes the file, unless it has its final name.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    if !isPublished { _ = removingName { unsafe unlink(FileName.cString(partialPath)) } }
    close(descriptor)
  }

  private var size: Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 1
  }

  private func failure(_ call: String) -> FileError {
    FileError(code: errno, call: call, path: path)
  }
}

/// Brings a folder's entries to the disk, so that a file keeps its new name if the power fails.
///
/// Not all file systems can, and the file itself is safe already, so failures are ignored.
func syncFolder(of path: String) {
  let folder = PathText.parent(of: path)
  let descriptor = unsafe open(
    FileName.cString(folder.isEmpty ? "." : folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  _ = OutputActivity.whileSyncing { fsync(descriptor) }
  close(descriptor)
}
