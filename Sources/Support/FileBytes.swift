internal import Foundation

/// The bytes of small files, read with calls that can be given up.
package enum FileBytes {
  /// The bytes of the file at `path`, at most `most` of them.
  ///
  /// A pipe is waited for without a limit: who writes into it may be a person.
  ///
  /// - Throws: `FileError`; `EFBIG` if there are more bytes.
  package static func read(_ path: String, most: Int = .max) throws(FileError) -> [UInt8] {
    guard try FileStatus(path).kind == .file else { return try readWaiting(path, most, nil) }
    return try DiskCall.run("read", path) { work throws(FileError) in
      try readWaiting(path, most, work)
    }
  }

  /// The first `count` bytes of a file; fewer if it is shorter.
  ///
  /// - Throws: `FileError`.
  package static func head(of path: String, count: Int) throws(FileError) -> [UInt8] {
    try DiskCall.run("read", path) { _ throws(FileError) in
      let descriptor = try open(path, O_NONBLOCK)
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: count)
      let size = try fill(&bytes, from: descriptor, path)
      return Array(bytes[..<size])
    }
  }

  /// The bytes that an open descriptor gives until its end, at most `most` of them.
  package static func read(
    descriptor: Int32, path: String, most: Int
  ) throws(FileError) -> [UInt8] {
    try read(descriptor, path, most, nil)
  }

  /// The same of a regular file, for as long as the disk takes; for the body of a `DiskCall`.
  package static func read(waitingFor path: String, most: Int) throws(FileError) -> [UInt8] {
    let descriptor = try open(path, O_NONBLOCK)
    defer { close(descriptor) }
    return try read(descriptor, path, most, nil)
  }

  private static func readWaiting(
    _ path: String, _ most: Int, _ work: DiskWork?
  ) throws(FileError) -> [UInt8] {
    let descriptor = try open(path, 0)
    defer { close(descriptor) }
    return try read(descriptor, path, most, work)
  }

  private static func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let descriptor = unsafe Foundation.open(FileName.cString(path), O_RDONLY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
    return descriptor
  }

  private static func read(
    _ descriptor: Int32, _ path: String, _ most: Int, _ work: DiskWork?
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      work?.goOn()
      let count = try fill(&block, from: descriptor, path)
      guard bytes.count + count <= most else {
        throw FileError(code: EFBIG, call: "read", path: path)
      }
      bytes += block[..<count]
      if count < block.count { return bytes }
    }
  }

  /// Reads until `target` is full or the file ends, and returns how many bytes there are.
  private static func fill(
    _ target: inout [UInt8], from descriptor: Int32, _ path: String
  ) throws(FileError) -> Int {
    var filled = 0
    while filled < target.count {
      let count = unsafe target.withUnsafeMutableBytes { bytes in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
        return unsafe Foundation.read(descriptor, rest.baseAddress, rest.count)
      }
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw FileError(code: errno, call: "read", path: path)
      }
    }
    return filled
  }
}
