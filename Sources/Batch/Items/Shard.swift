internal import Support

/// One of the parts that several workers divide a batch into.
package struct Shard: Hashable, Sendable {
  /// Its number, from 0.
  package let index: Int
  /// How many there are.
  package let count: Int

  /// The shard with a number from 0.
  ///
  /// - Precondition: `index` is below `count`.
  package init(index: Int, count: Int) {
    precondition(index >= 0 && index < count, "there is no shard \(index) of \(count)")
    self.index = index
    self.count = count
  }

  /// The whole batch.
  package static let whole = Shard(index: 0, count: 1)

  /// Reads `2/7`, the second of seven; `nil` if it is nothing like that.
  ///
  /// - Throws: `BatchError` for a number that no shard has.
  package init?(_ text: String) throws(BatchError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Self.number(parts[0]), let count = Self.number(parts[1])
    else { return nil }
    guard count >= 1, number >= 1, number <= count else {
      throw BatchError(
        "--shard \(text)", "There is no such shard.",
        count >= 1
          ? "They are counted from 1: 1/\(count) to \(count)/\(count)." : "Give 1/1 or more.")
    }
    self.init(index: number - 1, count: count)
  }

  /// Whether the source with an id belongs to the shard; the same however long the list is.
  package func contains(_ id: String) -> Bool {
    count == 1 || Self.hash(of: id) % UInt64(count) == UInt64(index)
  }

  /// The first eight bytes of the SHA-256 of the id, the most significant first.
  static func hash(of id: String) -> UInt64 {
    let hash = RunningHash()
    hash.add(FileName.bytes(id))
    return hash.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A decimal number of at most six digits.
  static func number(_ text: some StringProtocol) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }
}

extension Shard: CustomStringConvertible {
  /// As it is given: `2/7`.
  package var description: String { "\(index + 1)/\(count)" }
}
