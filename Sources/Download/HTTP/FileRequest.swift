/// A request for a file, or for the rest of it.
struct FileRequest {
  var address: WebAddress
  /// Bytes that are there already.
  var offset = 0
  /// The version that they are of; the server sends the whole file if it has another one now.
  var validator: String?
  /// Whether a redirect may lead to another host.
  var followsOtherHosts: Bool
  var userAgent: String
  var environment: [String: String]

  private static let mostRedirects = 5

  /// Sends the request, follows redirects, and returns the head of the answer with what reads the
  /// body.
  ///
  /// - Throws: `DownloadError` for every answer that isn't a file or a part of it.
  func send(
    _ connector: any Connector
  ) throws(DownloadError) -> (ResponseHead, ResponseReader, WebAddress) {
    var address = address
    for _ in 0...Self.mostRedirects {
      let proxy = try Proxy.for(address, in: environment)
      let connection = try connector.connect(to: address, through: proxy)
      try connection.write(Array(text(address).utf8))
      var reader = ResponseReader(connection, address)
      let head = try reader.head()
      switch head.status {
      case 200, 206: return (head, reader, address)
      case 416 where offset > 0: return (head, reader, address)
      case 301, 302, 303, 307, 308:
        address = try next(from: address, head)
      default: throw failure(head.status, address)
      }
    }
    throw DownloadError(
      .redirected, address.text, "The server leads from one place to the next without end.",
      remedy: "Check the address.")
  }

  private func next(
    from address: WebAddress, _ head: ResponseHead
  ) throws(DownloadError) -> WebAddress {
    guard let location = head["location"] else {
      throw DownloadError(
        .invalidAnswer, address.text, "The server leads elsewhere without saying where.",
        remedy: "Check the address, or try again later.")
    }
    let next = try address.redirected(to: location)
    guard followsOtherHosts || next.authority == self.address.authority else {
      throw DownloadError(
        .redirected, address.text, "The server leads to another host, \(next.authority).",
        remedy: "Give the whole hash with --sha256 if that host may send the file.")
    }
    return next
  }

  private func text(_ address: WebAddress) -> String {
    var lines = [
      "GET \(address.target) HTTP/1.1", "Host: \(address.authority)", "User-Agent: \(userAgent)",
      "Accept: */*", "Accept-Encoding: identity", "Connection: close",
    ]
    if offset > 0 {
      lines.append("Range: bytes=\(offset)-")
      if let validator { lines.append("If-Range: \(validator)") }
    }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  private func failure(_ status: Int, _ address: WebAddress) -> DownloadError {
    switch status {
    case 404, 410:
      DownloadError(
        .notFound, address.text, "The server has no such file (\(status)).",
        remedy: "Check the address.")
    case 408, 425, 429, 500...599:
      DownloadError(
        .serverError, address.text, "The server cannot answer now (\(status)).",
        remedy: "Try again later.")
    default:
      DownloadError(
        .refused, address.text, "The server refuses to send the file (\(status)).",
        remedy: "Check the address, and whether it can be reached without a password.")
    }
  }
}
