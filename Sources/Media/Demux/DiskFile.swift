import CFFmpeg
import Foundation
internal import Support

/// A regular file that is read with calls that can be given up.
///
/// A disk answers, but a network drive whose server is gone doesn't, and no signal ends the call
/// that waits for it. Given up, it costs a thread until it returns, with this file's descriptor and
/// one block of memory.
final class DiskFile {
  /// The size when it was opened.
  let size: Int
  private let descriptor: Descriptor
  private let interrupt: Interrupt?
  private let stallTimeout: Double
  private var memory: Block?
  /// The `errno` of the last read that failed; 0 if none did.
  private(set) var failure: Int32 = 0

  /// Bytes of one call, which bounds how long a slow drive may take for it.
  static let mostBytes = 1 << 20

  /// Opens the regular file at `path`.
  ///
  /// `interrupt` is asked whether to go on waiting. After opening, one call may take `stallTimeout`
  /// seconds, 0 for no limit; they are counted while the process runs, so its own pauses don't
  /// count.
  ///
  /// - Throws: The failed call, with `ETIMEDOUT` if it was given up.
  init(path: String, interrupt: Interrupt?, stallTimeout: Double = 0) throws(FFmpegError) {
    let opened = Self.result { () throws(GivenUpCall.Failure) in
      try DiskCall.run(path, until: { interrupt?.shouldStop() ?? false }) { Descriptor.open(path) }
    }
    switch opened {
    case .success(.success((let descriptor, let size))):
      self.descriptor = descriptor
      self.size = size
    case .success(.failure(let error)): throw error
    case .failure(let error): throw error
    }
    self.interrupt = interrupt
    self.stallTimeout = stallTimeout
  }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file, and at most `mostBytes`.
  ///
  /// - Throws: The failed call, with `AVERROR_EXIT` if it was given up.
  func read(at offset: Int, count: Int) throws(FFmpegError) -> [UInt8] {
    let (block, count) = try load(offset, count)
    defer { memory = block }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: block.bytes, count: count))
  }

  /// Writes up to `count` bytes from `offset` on to `target`, and returns how many; fewer at the
  /// end of the file, and at most `mostBytes`.
  ///
  /// - Throws: The failed call, with `AVERROR_EXIT` if it was given up.
  func read(
    at offset: Int, count: Int, into target: UnsafeMutablePointer<UInt8>
  ) throws(FFmpegError) -> Int {
    let (block, count) = try load(offset, count)
    defer { memory = block }
    unsafe memcpy(target, block.bytes, count)
    return count
  }

  /// Fills a block that is exclusive to this call; the caller puts it back.
  private func load(_ offset: Int, _ count: Int) throws(FFmpegError) -> (Block, Int) {
    let wanted = min(count, Self.mostBytes)
    guard let block = memory ?? Block() else { throw FFmpegError(code: -ENOMEM, call: "malloc") }
    memory = nil
    let descriptor = descriptor
    let outcome = wait { block.read(descriptor.number, offset: offset, count: wanted) }
    let result = try outcome.get()
    guard result >= 0 else {
      failure = Int32(clamping: -result)
      throw FFmpegError(code: Int32(clamping: result), call: "read")
    }
    return (block, result)
  }

  /// The size now, which may have grown.
  func currentSize() throws(FFmpegError) -> Int {
    let descriptor = descriptor
    let outcome = wait {
      var status = stat()
      return unsafe fstat(descriptor.number, &status) == 0 ? Int(status.st_size) : -Int(errno)
    }
    let size = try outcome.get()
    guard size >= 0 else { throw FFmpegError(code: Int32(clamping: size), call: "fstat") }
    return size
  }

  /// Makes a call, until it is given up or takes longer than the limit.
  private func wait(_ body: @escaping @Sendable () -> Int) -> Result<Int, FFmpegError> {
    let limit = stallTimeout > 0 ? Int(min(stallTimeout / GivenUpCall.interval, 1e9)) : .max
    var waits = 0
    return Self.result { () throws(GivenUpCall.Failure) in
      try GivenUpCall.run(
        until: {
          waits += 1
          if waits >= limit { interrupt?.stop() }
          return waits >= limit || interrupt?.shouldStop() ?? false
        }, body)
    }
  }

  private static func result<Value>(
    _ call: () throws(GivenUpCall.Failure) -> Value
  ) -> Result<Value, FFmpegError> {
    do throws(GivenUpCall.Failure) {
      return .success(try call())
    } catch .givenUp {
      return .failure(FFmpegError(code: SD_AVERROR_EXIT, call: "read"))
    } catch {
      return .failure(FFmpegError(code: -EAGAIN, call: "pthread_create"))
    }
  }
}

/// An open file, closed with its last reference.
private final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Opens a regular file, and gives its size.
  static func open(_ path: String) -> Result<(Descriptor, Int), FFmpegError> {
    // Without O_NONBLOCK, opening what has become a named pipe waits for a writer.
    let number = unsafe Foundation.open(
      FileName.cString(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { return .failure(FFmpegError(code: -errno, call: "open")) }
    let descriptor = Descriptor(number)
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else {
      return .failure(FFmpegError(code: -errno, call: "fstat"))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return .failure(FFmpegError(code: -EISDIR, call: "open"))
    }
    return .success((descriptor, Int(status.st_size)))
  }
}

/// Memory that a call writes into, which may outlive the file that it was read for.
@safe
private final class Block: @unchecked Sendable {
  // Sendable: one thread uses it at a time; a caller that gives up a call never touches it again.
  let bytes: UnsafeMutableRawPointer

  init?() {
    guard let bytes = unsafe malloc(DiskFile.mostBytes) else { return nil }
    unsafe self.bytes = bytes
  }

  deinit { unsafe free(bytes) }

  /// Reads until `count` bytes are there or the file ends; a negative `errno` on failure.
  func read(_ descriptor: Int32, offset: Int, count: Int) -> Int {
    var filled = 0
    while filled < count {
      let result = unsafe pread(descriptor, bytes + filled, count - filled, off_t(offset + filled))
      if result == 0 { break }
      if result > 0 {
        filled += result
      } else if errno != EINTR {
        // What came before the damage is worth having.
        return filled > 0 ? filled : -Int(errno)
      }
    }
    return filled
  }
}
