import CFFmpeg
internal import CSHA256
import Foundation

/// The SHA-256 of a file, as 64 lower-case hexadecimal digits.
///
/// - Throws: `MediaError` where the file cannot be read.
/// - Complexity: O(n) in the file's size; reads a mebibyte at a time.
public func sha256(ofFile path: String) throws(MediaError) -> String {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw MediaError(errno: errno, call: "open", source: path) }
  defer { close(descriptor) }
  let hash = SHA256()
  var block = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = unsafe read(descriptor, &block, block.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw MediaError(errno: errno, call: "read", source: path) }
    if count == 0 { break }
    unsafe hash.update(block.span.bytes.extracting(first: count))
  }
  return hash.finish()
}

/// The SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits.
///
/// Needs nothing of FFmpeg, whose libraries may still be on their way.
/// - Complexity: O(n)
public func sha256(of bytes: RawSpan) -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  unsafe bytes.withUnsafeBytes { buffer in
    unsafe sd_sha256(buffer.baseAddress, buffer.count, &digest)
  }
  return hexadecimal(digest)
}

private func hexadecimal(_ digest: [UInt8]) -> String {
  digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// A hash in the making.
///
/// Wraps `AVSHA`.
@safe
private final class SHA256 {
  private var raw: OpaquePointer?

  init() {
    unsafe raw = av_sha_alloc()
    guard unsafe raw != nil else { fatalError("av_sha_alloc: no memory") }
    // Fails for other lengths only.
    unsafe av_sha_init(raw, 256)
  }

  deinit { unsafe av_free(UnsafeMutableRawPointer(raw)) }

  func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe sd_sha_update(
        raw, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(buffer.count))
    }
  }

  /// The digest in hexadecimal digits.
  func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe av_sha_final(raw, &digest)
    return hexadecimal(digest)
  }
}
