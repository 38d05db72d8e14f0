internal import Foundation

/// Writes all of `bytes` to an open file, pipe or terminal; returns `errno` if that fails, else
/// `nil`.
///
/// Results count as `OutputActivity`, messages don't.
package func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, isResult: Bool = false
) -> Int32? {
  var start = 0
  while start < bytes.count {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
    let written = unsafe write(descriptor, rest.baseAddress, rest.count)
    if written > 0 {
      start += written
      if isResult { OutputActivity.noteAccepted(written) }
    } else if written < 0, errno == EAGAIN {
      // Another program that shares standard output may have made it non-blocking.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      unsafe poll(&request, 1, -1)
    } else if written == 0 || errno != EINTR {
      return written == 0 ? EIO : errno
    }
  }
  return nil
}
