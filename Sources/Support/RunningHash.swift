#if canImport(CommonCrypto)
internal import CommonCrypto
#else
internal import CCrypto
#endif

/// Computes a SHA-256 (FIPS 180-4) piece by piece.
@safe
package final class RunningHash {
  #if canImport(CommonCrypto)
  private var context = CC_SHA256_CTX()

  package init() { _ = unsafe CC_SHA256_Init(&context) }

  /// Adds the next bytes.
  package func add(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { bytes in
      // The length has 32 bits.
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        let part = unsafe bytes[start..<min(start + 1 << 30, bytes.count)]
        _ = unsafe CC_SHA256_Update(
          &context, UnsafeRawBufferPointer(rebasing: part).baseAddress, CC_LONG(part.count))
      }
    }
  }

  private func finished() -> [UInt8] {
    var copy = context
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    _ = unsafe CC_SHA256_Final(&digest, &copy)
    return digest
  }
  #else
  private var context = SHA256_CTX()

  package init() { _ = unsafe SHA256_Init(&context) }

  /// Adds the next bytes.
  package func add(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { bytes in
      _ = unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }
  }

  private func finished() -> [UInt8] {
    // Finishing ends a context, so a copy is finished.
    var copy = context
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    _ = unsafe SHA256_Final(&digest, &copy)
    return digest
  }
  #endif

  /// Adds the next bytes.
  package func add(_ bytes: [UInt8]) { unsafe add(bytes.span.bytes) }

  private static let byteCount = 32

  /// The 32 bytes of the hash of what was added so far.
  package var bytes: [UInt8] { finished() }

  /// The hash of what was added so far, as 64 lower-case hexadecimal digits.
  package var digits: String {
    finished().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The hash of a text's UTF-8.
  package static func digits(of text: String) -> String {
    let hash = RunningHash()
    hash.add(Array(text.utf8))
    return hash.digits
  }
}
