#if os(Linux)
public import Foundation
internal import Glibc
internal import Support

/// A mounted file system that stops answering, as a network drive does when its server is gone.
///
/// It speaks just enough of FUSE (version 7.31) for files that are read. The name of a file says at
/// which call it is stuck: `stat…`, `open…`, `read…`, or `late…`, which gives its first bytes;
/// `folder…` is a folder that can't be read. Nothing about a dead drive is answered, not even where
/// it is mounted.
///
/// A process that is killed while it waits is let go, as a network drive does. When the drive is
/// no longer used, all calls that wait return with an error.
public final class StuckDrive: Sendable {
  /// Where it is mounted.
  public let path: String
  private let device: Locked<Int32?>

  /// The bytes that a `late…` file gives; those after them are never sent.
  private let bytes: Data
  private let readable: Int
  private let isDead: Bool

  /// Mounts a drive whose files all have the content `bytes`, of which `late…` files give the first
  /// `readable`.
  public init(_ bytes: Data, readable: Int, isDead: Bool = false, at place: String? = nil) throws {
    let path = place ?? FileManager.default.temporaryDirectory.path + "/stuck-\(UUID().uuidString)"
    self.path = path
    self.bytes = bytes
    self.readable = readable
    self.isDead = isDead
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let device = unsafe Glibc.open("/dev/fuse", O_RDWR | O_CLOEXEC)
    let options = "fd=\(device),rootmode=40000,user_id=\(getuid()),group_id=\(getgid())"
    let isMounted = unsafe options.withCString {
      unsafe device >= 0 && mount("stuck", path, "fuse", 6, $0) == 0
    }
    guard isMounted else {
      if device >= 0 { close(device) }
      try? FileManager.default.removeItem(atPath: path)
      throw Failure()
    }
    self.device = Locked(device)
    Thread.detachNewThread { [bytes, readable, isDead] in
      Self.serve(device, bytes, readable: readable, isDead: isDead)
    }
  }

  deinit { remove() }

  /// Unmounts it; calls that wait return with an error.
  ///
  /// Call it before the folder around it is removed, which would wait for it, too.
  public func remove() {
    guard let device = device.withLock({ $0.take() }) else { return }
    unsafe _ = umount2(path, Int32(MNT_FORCE) | Int32(MNT_DETACH))
    // Closing the device ends calls that wait, should the system keep the mount.
    close(device)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The system lets us mount nothing.
  struct Failure: Error {}

  private static func serve(_ device: Int32, _ bytes: Data, readable: Int, isDead: Bool) {
    var names: [UInt64: String] = [:]
    var request = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = unsafe read(device, &request, request.count)
      if count < 0, errno == EINTR || errno == ENOENT { continue }
      guard count >= 40 else { return }
      let message = Message(Array(request[..<count]))
      let reply: [UInt8]
      if let interrupted = message.interrupted {
        reply = Message.reply(.error(EINTR), to: interrupted)
      } else if isDead, !message.isNeeded {
        continue
      } else if let answer = answer(message, bytes, readable, &names) {
        reply = Message.reply(answer, to: message.number)
      } else {
        continue
      }
      _ = unsafe reply.withUnsafeBytes { unsafe write(device, $0.baseAddress, $0.count) }
    }
  }

  /// The answer to a request; `nil` if it gets none.
  private static func answer(
    _ message: Message, _ bytes: Data, _ readable: Int, _ names: inout [UInt64: String]
  ) -> Answer? {
    let name = names[message.node] ?? ""
    switch message.operation {
    case 26:  // INIT
      return .bytes(
        u32(7) + u32(31) + u32(0) + u32(0) + u32(0) + u32(1 << 16) + u32(1)
          + [UInt8](repeating: 0, count: 36))
    case 1:  // LOOKUP
      let wanted = message.name
      if wanted.hasPrefix("stat") { return nil }
      guard ["open", "read", "late", "folder"].contains(where: wanted.hasPrefix) else {
        return .error(ENOENT)
      }
      let node = names.first { $0.value == wanted }?.key ?? UInt64(names.count + 2)
      names[node] = wanted
      return .bytes(
        u64(node) + u64(0) + u64(60) + u64(60) + u64(0)
          + attributes(node, wanted, size: bytes.count))
    case 3:  // GETATTR
      return .bytes(u64(60) + u64(0) + attributes(message.node, name, size: bytes.count))
    case 14:  // OPEN
      // Without the page cache, which would read ahead.
      return name.hasPrefix("open") ? nil : .bytes(u64(0) + u32(1) + u32(0))
    case 15:  // READ
      let (offset, count) = message.range
      guard name.hasPrefix("late"), offset + count <= readable else { return nil }
      return .bytes(Array(bytes[offset..<min(offset + count, bytes.count)]))
    case 27: return name.hasPrefix("folder") ? nil : .bytes(u64(0) + u64(0))  // OPENDIR
    case 28: return .bytes([])  // READDIR
    case 2, 42: return nil  // FORGET
    case 18, 25, 29: return .bytes([])  // RELEASE, FLUSH, RELEASEDIR
    default: return .error(ENOSYS)
    }
  }

  private static func attributes(_ node: UInt64, _ name: String, size: Int) -> [UInt8] {
    let isFolder = node == 1 || name.hasPrefix("folder")
    return u64(node) + u64(isFolder ? 0 : UInt64(size)) + u64(0) + u64(0) + u64(0) + u64(0)
      + u32(0) + u32(0) + u32(0) + u32(isFolder ? 0o040755 : 0o100644) + u32(1)
      + u32(getuid()) + u32(getgid()) + u32(0) + u32(4096) + u32(0)
  }
}

private enum Answer {
  case bytes([UInt8])
  case error(Int32)
}

private struct Message {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func integer(at offset: Int, count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  var operation: UInt64 { integer(at: 4, count: 4) }
  var node: UInt64 { integer(at: 16, count: 8) }
  var name: String { String(decoding: bytes[40...].prefix { $0 != 0 }, as: UTF8.self) }
  var range: (offset: Int, count: Int) {
    (Int(integer(at: 48, count: 8)), Int(integer(at: 56, count: 4)))
  }

  /// The number of the request.
  var number: ArraySlice<UInt8> { bytes[8..<16] }
  /// The number of the request whose process has been killed, if it is about one: INTERRUPT.
  var interrupted: ArraySlice<UInt8>? { operation == 36 ? bytes[40..<48] : nil }
  /// Whether the drive can't be mounted without an answer: INIT.
  var isNeeded: Bool { operation == 26 }

  static func reply(_ answer: Answer, to number: ArraySlice<UInt8>) -> [UInt8] {
    let (content, code): ([UInt8], Int32) =
      switch answer {
      case .bytes(let content): (content, 0)
      case .error(let code): ([], code)
      }
    return u32(UInt32(16 + content.count)) + u32(UInt32(bitPattern: -code)) + number + content
  }
}

private func u32(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
}

private func u64(_ value: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

extension Requirement {
  /// The right to mount a file system of our own.
  public static let mount = Requirement(
    "mount", absence: "file systems can be mounted only as root, with /dev/fuse"
  ) { (try? StuckDrive(Data(), readable: 0)) != nil }
}
#endif
