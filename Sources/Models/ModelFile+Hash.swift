internal import Support

extension ModelFile {
  /// The SHA-256 of the file, as 64 lower-case hexadecimal digits.
  ///
  /// - Complexity: O(n) in the file's size.
  public func sha256() -> String {
    let hash = RunningHash()
    withBytes { hash.add($0) }
    return hash.digits
  }
}
