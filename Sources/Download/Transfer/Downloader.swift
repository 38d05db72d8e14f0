internal import Foundation
internal import Support

/// A file to download, and what it has to be.
package struct Download: Sendable {
  package var address: WebAddress
  package var hash: ExpectedHash
  /// Bytes that it may have.
  package var limit: Int
  /// How often it is tried again when little more has arrived since the last time.
  package var retries = 3

  package init(address: WebAddress, hash: ExpectedHash, limit: Int) {
    self.address = address
    self.hash = hash
    self.limit = limit
  }

  /// Whether the server may lead to another host.
  ///
  /// With the whole hash it doesn't matter who sends the bytes. A few digits can be met on purpose,
  /// so then the host is part of what is trusted.
  var followsOtherHosts: Bool { hash.isWhole }
}

/// A file that has arrived and is the expected one.
package struct DownloadedFile: Sendable {
  /// Where it is.
  package let path: String
  package let byteCount: Int
  /// Its SHA-256: 64 hexadecimal digits.
  package let sha256: String
  private let partial: Kept

  init(_ partial: PartialDownload, sha256: String) {
    path = partial.path
    byteCount = partial.byteCount
    self.sha256 = sha256
    self.partial = Kept(partial)
  }

  /// Removes it, once it is no longer needed.
  package func remove() { partial.download.remove() }

  /// Holds the lock on the file until the value is gone.
  private final class Kept: @unchecked Sendable {
    // Sendable because nothing but the removal of the file uses it any more.
    let download: PartialDownload
    init(_ download: PartialDownload) { self.download = download }
  }
}

/// Downloads files: bounded, checked, and from where an earlier attempt stopped.
package struct Downloader: Sendable {
  private let connector: any Connector
  private let userAgent: String
  private let environment: [String: String]
  /// Told what goes wrong and is tried again.
  private let note: @Sendable (String) -> Void
  private let pause: @Sendable (Double) -> Void

  /// Attempts at most, however much arrives each time.
  private static let mostAttempts = 50
  /// Bytes after which an attempt counts as a step forward: a server may send a few and close the
  /// connection, again and again.
  private static let progress = 1 << 18

  /// Makes a downloader; `environment` names the proxy, and `pause` waits for some seconds.
  package init(
    _ connector: any Connector, userAgent: String, environment: [String: String],
    pause: @escaping @Sendable (Double) -> Void = { usleep(useconds_t($0 * 1e6)) },
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.connector = connector
    self.userAgent = userAgent
    self.environment = environment
    self.pause = pause
    self.note = note
  }

  /// Downloads a file into a folder of its own in `place`.
  ///
  /// A file of which a part is there is continued; one that is complete there isn't asked for
  /// again. Of a file that fails its check nothing is kept.
  ///
  /// - Throws: `DownloadError`.
  package func fetch(
    _ download: Download, into place: String, control: DownloadControl = DownloadControl()
  ) throws(DownloadError) -> DownloadedFile {
    let name = download.address.fileName.map(Self.safeName) ?? "file"
    let partial = try PartialDownload(of: download.address, named: name, in: place)
    do throws(DownloadError) {
      return try fetch(download, partial, control)
    } catch {
      if partial.byteCount == 0 || error.code == .tooLarge || error.code == .wrongHash {
        partial.remove()
      }
      throw error
    }
  }

  private func fetch(
    _ download: Download, _ partial: PartialDownload, _ control: DownloadControl
  ) throws(DownloadError) -> DownloadedFile {
    if let done = finished(partial, download) { return done }
    partial.wasContinued = partial.byteCount > 0
    for isLast in [false, true] {
      try receive(download, partial, control)
      if let done = finished(partial, download) { return done }
      guard partial.wasContinued, !isLast else { break }
      note("\(download.address.text): its parts do not fit together; it is received anew.")
      try partial.restart()
    }
    throw DownloadError(
      .wrongHash, download.address.text,
      "Its SHA-256 is \(partial.hash.digits), but \(download.hash.digits) was expected"
        + (download.hash.isWhole ? "." : " at the start."),
      remedy: "Check the address and the hash; nothing of it was kept.")
  }

  /// The file, if all of it is there and it is the expected one.
  private func finished(_ partial: PartialDownload, _ download: Download) -> DownloadedFile? {
    guard partial.byteCount > 0, partial.byteCount <= download.limit else { return nil }
    let sha256 = partial.hash.digits
    return download.hash.matches(sha256) ? DownloadedFile(partial, sha256: sha256) : nil
  }

  /// Receives what is missing, in several attempts if need be.
  private func receive(
    _ download: Download, _ partial: PartialDownload, _ control: DownloadControl
  ) throws(DownloadError) {
    var failures = 0
    for number in 1... {
      let before = control.progress.receivedNow
      do throws(DownloadError) {
        return try attempt(download, partial, control)
      } catch {
        if control.isStopped { throw .cancelled(download.address.text) }
        // The server may have announced more than there is.
        if finished(partial, download) != nil { return }
        let received = control.progress.receivedNow
        failures = received - before >= Self.progress ? 1 : failures + 1
        // A host that has sent nothing yet is more likely misspelt than disturbed.
        guard error.isWorthRetrying, received > 0 || error.code == .serverError,
          failures <= download.retries, number < Self.mostAttempts
        else { throw error }
        note("\(error.subject): \(error.message) Trying again.")
        wait(Double(1 << min(failures - 1, 4)), control)
        if control.isStopped { throw .cancelled(download.address.text) }
      }
    }
  }

  private func wait(_ seconds: Double, _ control: DownloadControl) {
    var rest = seconds
    while rest > 0, !control.isStopped {
      pause(min(rest, 0.1))
      rest -= 0.1
    }
  }

  private func attempt(
    _ download: Download, _ partial: PartialDownload, _ control: DownloadControl
  ) throws(DownloadError) {
    let request = FileRequest(
      address: download.address, offset: partial.byteCount, validator: partial.note.validator,
      followsOtherHosts: download.followsOtherHosts, userAgent: userAgent,
      environment: environment)
    var (head, reader, address) = try request.send(connector)
    if continues(head, partial) {
      partial.wasContinued = partial.byteCount > 0
    } else if partial.byteCount > 0 {
      try partial.restart()
      // An answer for a part of the file is of no use then.
      guard head.status == 200 else { return try attempt(download, partial, control) }
    }
    guard let length = head.bodyLength, head.status == 200 || partial.byteCount > 0 else {
      throw DownloadError(
        .invalidAnswer, address.text, "The server's answer contradicts itself about what it is.",
        remedy: "Check any proxy, or try again later.")
    }
    var total = head.status == 206 ? head.range?.total : nil
    if case .bytes(let count) = length { total = total ?? partial.byteCount + count }
    if let total, total > download.limit { throw tooLarge(total, download) }
    try partial.keep(
      .init(address: partial.note.address, validator: head.validator, total: total))
    control.begin(received: partial.byteCount, total: total)
    try reader.body(length) { (bytes) throws(DownloadError) in
      if control.isStopped { throw .cancelled(download.address.text) }
      guard partial.byteCount + bytes.count <= download.limit else {
        throw tooLarge(nil, download)
      }
      try partial.append(bytes)
      control.add(bytes.count)
    }
    if let total, partial.byteCount < total {
      throw DownloadError(
        .cutShort, address.text, "The answer ended before the file did.",
        remedy: "Run the command again to go on where it stopped.")
    }
  }

  /// Whether a response continues the part that has been received.
  private func continues(_ head: ResponseHead, _ partial: PartialDownload) -> Bool {
    if partial.byteCount == 0 { return head.status == 200 }
    guard head.status == 206, let range = head.range, range.first == partial.byteCount else {
      return false
    }
    let note = partial.note
    if let total = note.total, let now = range.total, total != now { return false }
    if let known = note.validator, let now = head.validator, known != now { return false }
    return true
  }

  private func tooLarge(_ size: Int?, _ download: Download) -> DownloadError {
    DownloadError(
      .tooLarge, download.address.text,
      "The file has \(size.map { "\($0)" } ?? "more than \(download.limit)") bytes; "
        + "\(download.limit) are allowed.",
      remedy: "Check the address, or allow more with --max-size.")
  }

  /// A name that is safe for a file: letters, digits, and a few signs.
  private static func safeName(_ name: String) -> String {
    let safe = name.suffix(100).map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "_"
    }
    let text = String(safe.drop { $0 == "." })
    return text.isEmpty ? "file" : text
  }
}
