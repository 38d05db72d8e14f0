import CFFmpeg

extension FFmpegError {
  /// The error of an allocation that gave nothing: it fails a frame or a source, not the program.
  package static func noMemory(_ call: StaticString) -> FFmpegError {
    FFmpegError(code: -ENOMEM, call: "\(call)")
  }
}

/// The memory that an FFmpeg call has allocated.
///
/// - Throws: `MediaError` if it gave none.
package func allocated<Pointee>(
  _ pointer: UnsafeMutablePointer<Pointee>?, _ call: StaticString, source: String = ""
) throws(MediaError) -> UnsafeMutablePointer<Pointee> {
  guard let pointer = unsafe pointer else {
    throw MediaError(FFmpegError.noMemory(call), source: source)
  }
  return unsafe pointer
}
