import CFFmpeg
import Foundation

/// Reads a regular file for FFmpeg, with calls that can be given up.
///
/// Wraps `AVIOContext`. FFmpeg's own file protocol can't be interrupted while it waits for
/// a disk.
@safe
final class FileInput {
  private(set) var raw: UnsafeMutablePointer<AVIOContext>?
  private let file: DiskFile
  private var position = 0

  private static let bufferSize = 64 * 1024

  init(_ file: DiskFile) throws(FFmpegError) {
    self.file = file
    guard let buffer = unsafe av_malloc(Self.bufferSize) else {
      throw FFmpegError(code: -ENOMEM, call: "av_malloc")
    }
    unsafe raw = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0,
      Unmanaged.passUnretained(self).toOpaque(),
      { opaque, buffer, size in
        guard let opaque = unsafe opaque, let buffer = unsafe buffer else { return -EINVAL }
        let input = unsafe Unmanaged<FileInput>.fromOpaque(opaque).takeUnretainedValue()
        return unsafe input.read(into: buffer, size: size)
      }, nil,
      { opaque, offset, whence in
        guard let opaque = unsafe opaque else { return Int64(-EINVAL) }
        let input = unsafe Unmanaged<FileInput>.fromOpaque(opaque).takeUnretainedValue()
        return input.seek(to: offset, whence: whence)
      })
    if unsafe raw == nil {
      unsafe av_free(buffer)
      throw FFmpegError(code: -ENOMEM, call: "avio_alloc_context")
    }
  }

  deinit {
    // FFmpeg may have replaced the buffer, so free the current one.
    if let context = unsafe raw { unsafe av_freep(&context.pointee.buffer) }
    unsafe avio_context_free(&raw)
  }

  /// The `errno` of the last read that the system failed; 0 if none did.
  var failure: Int32 { file.failure }

  /// Whether there is memory for all that is left of the file, which is more than one packet.
  var fitsMemory: Bool {
    guard let size = try? file.currentSize() else { return false }
    guard let memory = unsafe malloc(max(1 << 20, size - position)) else { return false }
    unsafe free(memory)
    return true
  }

  private func read(into buffer: UnsafeMutablePointer<UInt8>, size: Int32) -> Int32 {
    do throws(FFmpegError) {
      let count = try unsafe file.read(at: position, count: Int(size), into: buffer)
      position += count
      return count > 0 ? Int32(count) : SD_AVERROR_EOF
    } catch {
      return error.code
    }
  }

  private func seek(to offset: Int64, whence: Int32) -> Int64 {
    let base: Int
    do throws(FFmpegError) {
      if whence & AVSEEK_SIZE != 0 { return Int64(try file.currentSize()) }
      switch whence & ~AVSEEK_FORCE {
      case SEEK_SET: base = 0
      case SEEK_CUR: base = position
      case SEEK_END: base = try file.currentSize()
      default: return Int64(-EINVAL)
      }
    } catch {
      return Int64(error.code)
    }
    let (target, overflow) = base.addingReportingOverflow(Int(offset))
    guard !overflow, target >= 0 else { return Int64(-EINVAL) }
    position = target
    return Int64(target)
  }
}
