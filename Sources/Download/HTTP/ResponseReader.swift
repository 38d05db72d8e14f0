/// Reads an answer of HTTP/1.1 (RFC 9112) from a connection.
struct ResponseReader {
  private let connection: any ByteConnection
  private let address: WebAddress
  private var buffer: ArraySlice<UInt8> = []

  /// Bytes of a line, and lines of a head, at most.
  private static let longestLine = 16 << 10
  private static let mostLines = 200
  private static let blockSize = 1 << 16

  init(_ connection: any ByteConnection, _ address: WebAddress) {
    self.connection = connection
    self.address = address
  }

  /// Reads the head of the answer, passing over interim ones.
  mutating func head() throws(DownloadError) -> ResponseHead {
    for _ in 0..<10 {
      var lines: [String] = []
      while let line = try line(), !line.isEmpty {
        lines.append(line)
        guard lines.count <= Self.mostLines else { throw invalid("Its head is too long.") }
      }
      if lines.isEmpty {
        throw DownloadError(
          .cutShort, address.text, "The server closed the connection without an answer.",
          remedy: "Try again later.")
      }
      guard let head = ResponseHead(lines) else { throw invalid("It is not HTTP.") }
      if !(100..<200).contains(head.status) { return head }
    }
    throw invalid("It never says how the request ended.")
  }

  /// Reads the body and gives it to `take` in pieces.
  ///
  /// - Throws: `DownloadError` with `cut_short` if the connection ends before the body does.
  mutating func body(
    _ length: ResponseHead.BodyLength, _ take: ([UInt8]) throws(DownloadError) -> Void
  ) throws(DownloadError) {
    switch length {
    case .bytes(let count): try pass(count, take)
    case .untilClose:
      while let bytes = try some(Self.blockSize) { try take(bytes) }
    case .chunked:
      while let count = try chunkSize() {
        if count == 0 { return }
        try pass(count, take)
        guard try line() == "" else { throw invalid("A piece of it is longer than it says.") }
      }
      throw cutShort
    }
  }

  private mutating func pass(
    _ count: Int, _ take: ([UInt8]) throws(DownloadError) -> Void
  ) throws(DownloadError) {
    var rest = count
    while rest > 0 {
      guard let bytes = try some(min(rest, Self.blockSize)) else { throw cutShort }
      rest -= bytes.count
      try take(bytes)
    }
  }

  /// The size of the next chunk; `nil` at the end of the connection.
  private mutating func chunkSize() throws(DownloadError) -> Int? {
    guard let line = try line() else { return nil }
    let digits = line.prefix { $0 != ";" && $0 != " " }
    guard (1...15).contains(digits.count), let size = Int(digits, radix: 16), size >= 0 else {
      throw invalid("A piece of it has no size.")
    }
    return size
  }

  /// A line without its end; `nil` at the end of the connection.
  private mutating func line() throws(DownloadError) -> String? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        var line = buffer[..<end]
        buffer = buffer[(end + 1)...]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return String(decoding: line, as: UTF8.self)
      }
      guard buffer.count <= Self.longestLine else { throw invalid("A line of it has no end.") }
      let bytes = try connection.read(upTo: 4096)
      if bytes.isEmpty { return nil }
      buffer = ArraySlice(Array(buffer) + bytes)
    }
  }

  /// At most `count` bytes; `nil` at the end of the connection.
  private mutating func some(_ count: Int) throws(DownloadError) -> [UInt8]? {
    guard buffer.isEmpty else {
      defer { buffer = buffer.dropFirst(count) }
      return Array(buffer.prefix(count))
    }
    let bytes = try connection.read(upTo: count)
    return bytes.isEmpty ? nil : bytes
  }

  private var cutShort: DownloadError {
    DownloadError(
      .cutShort, address.text, "The connection ended before the file did.",
      remedy: "Run the command again to go on where it stopped.")
  }

  private func invalid(_ reason: String) -> DownloadError {
    DownloadError(
      .invalidAnswer, address.text, "The server's answer cannot be understood. \(reason)",
      remedy: "Check the address and any proxy, or try again later.")
  }
}
