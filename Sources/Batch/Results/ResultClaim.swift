internal import Foundation
internal import Output
internal import Pipeline
internal import Support

/// The right to do one source, and its JSON lines until they are published.
///
/// The lines are written under a name that can't be guessed, whose lock keeps other workers away
/// from the source. A kill releases it, and the next claim removes what was written. Where a file
/// system has no locks two workers may do the same; then the receipt of the first one stays, and
/// the other throws its results away.
package final class ResultClaim: @unchecked Sendable {
  // Sendable because the thread that reads the source passes it on to the sink's, and doesn't use
  // it any more.

  /// The source.
  package let item: BatchItem
  /// The version of its file when it was claimed.
  package let input: InputState?
  private let store: BatchStore
  private let lines: PartialFile
  private let hash = RunningHash()
  private var byteCount = 0
  /// Files of earlier runs, which the new ones replace: none that came since.
  private let earlier: (lines: FileStatus?, receipt: FileStatus?)

  /// Claims a source.
  ///
  /// - Throws: `FileError`, one that `isInUse` if another worker has the source; `SinkError` for
  ///   something else than a result in its place.
  package init(_ item: BatchItem, in store: BatchStore) throws {
    self.item = item
    self.store = store
    let path = store.linesPath(of: item)
    try makeDirectories(PathText.parent(of: path))
    lines = try PartialFile(path)
    input = InputState(of: item.source)
    earlier = (
      try? FileStatus(waitingFor: path), try? FileStatus(waitingFor: store.receiptPath(of: item))
    )
    if let found = earlier.lines, !Self.isResult(path, found) {
      lines.discard()
      throw SinkError(
        .refused,
        "\(path): something else than a result is in its place. Move it, or choose "
          + "another --out-dir.")
    }
  }

  private static func isResult(_ path: String, _ status: FileStatus) -> Bool {
    guard status.kind == .file else { return false }
    if status.size == 0 { return true }
    let start = Array(#"{"type":"#.utf8)
    return (try? FileBytes.head(of: path, count: start.count)) == start
  }

  /// The path of the lines, once they are published.
  var path: String { lines.path }

  /// Appends lines.
  func write(_ bytes: [UInt8]) throws(FileError) {
    try lines.write(bytes)
    hash.add(bytes)
    byteCount += bytes.count
  }

  /// Throws away what was written.
  package func discard() { lines.discard() }

  /// Whether the file of the source is the one that was claimed.
  var isInputUnchanged: Bool { InputState(of: item.source) == input }

  /// Brings the lines, if they are part of the result, and the receipt into their places, replacing
  /// those of earlier runs.
  ///
  /// Returns the receipt as it is published; `nil` if another worker was faster, whose results
  /// stay.
  ///
  /// - Throws: `SinkError` if something can't be written.
  func publish(_ receipt: Receipt, withLines: Bool) throws(SinkError) -> Receipt? {
    defer { lines.discard() }
    var receipt = receipt
    if withLines {
      let path = store.recorded(path, .lines)
      receipt.outputs.append(
        Receipt.Output(kind: .lines, path: path, bytes: byteCount, sha256: hash.digits))
    }
    // The receipt goes first: what it vouches for must not change under it.
    let receiptPath = store.receiptPath(of: item)
    guard Self.remove(earlier.receipt, at: receiptPath), Self.remove(earlier.lines, at: path) else {
      return nil
    }
    do throws(FileError) {
      if withLines, try !lines.publish() { return nil }
      let file = try PartialFile(receiptPath)
      defer { file.discard() }
      try file.write(receipt.line)
      return try file.publish() ? receipt : nil
    } catch {
      throw SinkError(error)
    }
  }

  /// Removes a file of an earlier run; `false` if there is a newer one, which another worker has
  /// published.
  private static func remove(_ earlier: FileStatus?, at path: String) -> Bool {
    guard let found = try? FileStatus(path) else { return true }
    guard found == earlier else { return false }
    _ = unsafe unlink(FileName.cString(path))
    return true
  }
}
