internal import Foundation

/// Who may write a file: one process at a time.
///
/// A writer locks (`flock`) what it writes to: the temporary file, or with `--append` the file
/// itself. Temporary files have names that can't be guessed, so another writer looks through the
/// folder for those of its own output.
enum OutputClaim {
  /// Fails if another process is writing `path`, and removes what writers that were killed have
  /// left of it.
  ///
  /// Call it under the folder's lock, and claim the file before that is released.
  static func refuseOthers(_ path: String, _ work: DiskWork) throws(FileError) {
    if isLocked(path) { throw .inUse(path) }
    let folder = PathText.parent(of: path)
    let pattern = TemporaryName.Pattern(of: PathText.name(of: path))
    // Where names can't be listed, no other writer can be found.
    let names = try? PartialNames.shared.names(in: folder) { () throws(FileError) in
      try list(folder, work)
    }
    for found in names ?? [] where pattern.matches(found) {
      let other = PathText.join(folder, FileName.text(found))
      if isLocked(other, removingIfFree: true) { throw .inUse(path) }
    }
  }

  /// The names of all temporary files in a folder.
  private static func list(_ folder: String, _ work: DiskWork) throws(FileError) -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    try FolderListing.read(folder.isEmpty ? "." : folder, work) { found, _ in
      if TemporaryName.isOne(found) { names.insert(found) }
      return true
    }
    return names
  }

  /// Locks an open file; `false` if another process has.
  static func take(_ descriptor: Int32) -> Bool {
    // File systems without locks can't protect the file, but it can still be written.
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Whether a lock is held on the file at `path`.
  private static func isLocked(_ path: String, removingIfFree: Bool = false) -> Bool {
    // A named pipe would wait for its other end, and a link may lead anywhere.
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | (removingIfFree ? O_NOFOLLOW : 0)
    let descriptor = unsafe open(FileName.cString(path), flags)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return false
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
    if removingIfFree, status.st_uid == geteuid() { _ = unsafe unlink(FileName.cString(path)) }
    return false
  }
}

/// The names of files that are being written.
enum TemporaryName {
  private static let ending = Array(".partial".utf8)
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
  /// 62 random bits: nothing can be placed there before it is made.
  private static let randomBytes = 12
  /// What file systems allow for one name.
  private static let longest = 255

  /// A new name for the time in which the file `name` is written: `NAME.k3j9x0ab7c2q.partial`.
  static func random(for name: String) -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = (0..<randomBytes).map { _ in
      alphabet[Int.random(in: alphabet.indices, using: &generator)]
    }
    return stem(of: name) + "." + String(decoding: letters + ending, as: UTF8.self)
  }

  /// Whether `name` may be that of a file that is being written.
  static func isOne(_ name: [UInt8]) -> Bool {
    name.count > randomBytes + ending.count && name.suffix(ending.count) == ending[...]
  }

  /// The names that one file may have while it is written.
  struct Pattern {
    private let stem: [UInt8]

    /// Those that `random(for: name)` makes.
    init(of name: String) {
      stem = FileName.bytes(TemporaryName.stem(of: name)) + [UInt8(ascii: ".")]
    }

    /// Whether `found` may be such a name.
    func matches(_ found: [UInt8]) -> Bool {
      guard found.count == stem.count + randomBytes + ending.count, found.starts(with: stem) else {
        return false
      }
      return found.suffix(ending.count) == ending[...]
        && found[stem.count..<(stem.count + randomBytes)].allSatisfy(alphabet.contains)
    }
  }

  /// The part of the name that tells what is written; shorter than long names, and still another
  /// one for each.
  private static func stem(of name: String) -> String {
    let room = longest - 1 - randomBytes - ending.count
    guard name.utf8.count > room else { return name }
    return PathText.shortened(name, to: room - 17) + "-"
      + String(Checksum.fnv1a(name.utf8), radix: 16)
  }
}
