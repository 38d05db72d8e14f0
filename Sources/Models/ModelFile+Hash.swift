internal import Crypto

extension ModelFile {
  /// The SHA-256 of the file, as 64 lower-case hexadecimal digits.
  ///
  /// - Complexity: O(n) in the file's size.
  public func sha256() -> String {
    var hash = SHA256()
    withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }
    return hash.finalize().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
