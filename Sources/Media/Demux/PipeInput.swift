import CFFmpeg
import Foundation
import Support

/// Reads a pipe for FFmpeg, in steps short enough to be interrupted.
///
/// Wraps `AVIOContext`. FFmpeg's own pipe protocol blocks in `read` until data arrives, which
/// neither a deadline nor a cancellation can interrupt.
@safe
final class PipeInput {
  private(set) var raw: UnsafeMutablePointer<AVIOContext>?
  private let descriptor: Int32
  private let interrupt: Interrupt
  /// The number of bytes read so far.
  private(set) var byteCount: Int64 = 0
  /// The first bytes, which tell what it is.
  private(set) var head: [UInt8] = []
  /// What was read before FFmpeg asked for it.
  private var ahead: ArraySlice<UInt8> = []

  private static let bufferSize = 64 * 1024

  /// Opens `path`, or standard input if it is `nil`.
  init(path: String?, interrupt: Interrupt, source: String) throws(MediaError) {
    self.interrupt = interrupt
    // Without O_NONBLOCK, opening a named pipe waits for a writer and can't be interrupted.
    descriptor =
      path.map { unsafe open(FileName.cString($0), O_RDONLY | O_NONBLOCK | O_CLOEXEC) } ?? dup(0)
    guard descriptor >= 0 else { throw MediaError(errno: errno, call: "open", source: source) }
    guard let buffer = unsafe av_malloc(Self.bufferSize) else {
      throw MediaError(FFmpegError.noMemory("av_malloc"), source: source)
    }
    let canSeek = lseek(descriptor, 0, SEEK_CUR) >= 0
    unsafe raw = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0,
      Unmanaged.passUnretained(self).toOpaque(),
      { opaque, buffer, size in
        guard let opaque = unsafe opaque, let buffer = unsafe buffer else { return -EINVAL }
        let pipe = unsafe Unmanaged<PipeInput>.fromOpaque(opaque).takeUnretainedValue()
        return unsafe pipe.read(into: buffer, size: size)
      }, nil,
      canSeek
        ? { opaque, offset, whence in
          guard let opaque = unsafe opaque else { return Int64(-EINVAL) }
          let pipe = unsafe Unmanaged<PipeInput>.fromOpaque(opaque).takeUnretainedValue()
          return pipe.seek(to: offset, whence: whence)
        } : nil)
    if unsafe raw == nil {
      unsafe av_free(buffer)
      throw MediaError(FFmpegError.noMemory("avio_alloc_context"), source: source)
    }
  }

  deinit {
    // FFmpeg may have replaced the buffer, so free the current one.
    if let context = unsafe raw { unsafe av_freep(&context.pointee.buffer) }
    unsafe avio_context_free(&raw)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Whether the first bytes are `mark`; waits for no more of them than tell.
  func begins(with mark: [UInt8]) -> Bool {
    while ahead.count < mark.count, mark.starts(with: ahead) {
      var bytes = [UInt8](repeating: 0, count: mark.count - ahead.count)
      let count = unsafe receive(into: &bytes, size: Int32(bytes.count))
      guard count > 0 else { return false }
      ahead += bytes.prefix(Int(count))
    }
    return ahead.starts(with: mark)
  }

  private func read(into buffer: UnsafeMutablePointer<UInt8>, size: Int32) -> Int32 {
    guard !ahead.isEmpty else { return unsafe receive(into: buffer, size: size) }
    let bytes = ahead.prefix(Int(size))
    unsafe buffer.update(from: Array(bytes), count: bytes.count)
    ahead = ahead.dropFirst(bytes.count)
    return Int32(bytes.count)
  }

  private func receive(into buffer: UnsafeMutablePointer<UInt8>, size: Int32) -> Int32 {
    while !interrupt.shouldStop() {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&waiting, 1, 100)
      if ready < 0, errno != EINTR { return -errno }
      guard ready > 0 else { continue }
      let count = unsafe Foundation.read(descriptor, buffer, Int(size))
      if count > 0 {
        let missing = Opening.headSize - head.count
        if missing > 0, byteCount == head.count {
          unsafe head += UnsafeBufferPointer(start: buffer, count: min(count, missing))
        }
        byteCount += Int64(count)
        return Int32(count)
      }
      if count == 0 { return SD_AVERROR_EOF }
      if errno != EINTR, errno != EAGAIN { return -errno }
    }
    return SD_AVERROR_EXIT
  }

  private func seek(to offset: Int64, whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 {
      var status = stat()
      return unsafe fstat(descriptor, &status) == 0 ? Int64(status.st_size) : Int64(-errno)
    }
    ahead = []
    let position = lseek(descriptor, off_t(offset), whence & ~AVSEEK_FORCE)
    return position >= 0 ? Int64(position) : Int64(-errno)
  }
}
