import CFFmpeg
import Foundation

/// What a failed call means by the errors that FFmpeg printed meanwhile; `nil` if they say no more
/// than its code.
///
/// FFmpeg returns one code for many failures, `EIO` above all, and says only in its messages which.
func printedMeaning(
  _ messages: [String], code: Int32, origin: MediaError.Origin
) -> Meaning? {
  let text = messages.joined(separator: "\n")
  if text.contains("Failed to resolve hostname") {
    return Meaning(
      code: .hostNotFound, message: "The host name could not be found.",
      remedy: "Check its spelling, the network and the name server.", isTransient: true)
  }
  if let status = serverStatus(messages) { return statusMeaning(status) }
  if [-EIO, SD_AVERROR_INVALIDDATA].contains(code), let cause = systemError(messages) {
    return meaning(of: -cause)
  }
  if let meaning = connectionMeaning(text) { return meaning }
  if text.contains("moov atom not found") {
    return Meaning(
      code: .invalidData,
      message: "It has no index (\"moov\"), which is written when a recording ends.",
      remedy: "Get a whole copy; what is there can't be read without the index.")
  }
  if text.contains("Format not on whitelist") {
    return Meaning(
      code: .notAllowed,
      message: "It is or names a playlist of a kind that may not come from there.",
      remedy: "Give what it names as sources of their own.")
  }
  if text.contains("Not detecting m3u8/hls") {
    return Meaning(
      code: .invalidData,
      message: "It is a playlist, but neither its name nor what the server calls it says so.",
      remedy: "Let the address end in \".m3u8\", or the server call it "
        + "application/vnd.apple.mpegurl.")
  }
  if let place = text.firstRange(of: "Protocol '") {
    let name = text[place.upperBound...].prefix { $0 != "'" }
    if text.contains("' not on whitelist") {
      return Meaning(
        code: .notAllowed, message: "It wants to use the protocol \"\(name)\", which it may not.",
        remedy: "If you trust it, add --allow \(name).")
    }
  }
  return segmentMeaning(text)
}

/// What was wrong with an address, or with the way to it.
private func connectionMeaning(_ text: String) -> Meaning? {
  if text.contains("Port missing in uri") {
    return Meaning(
      code: .invalidAddress, message: "The address, or that of the proxy, has no valid port.",
      remedy: "Write a number from 1 to 65535 after the host's name, or nothing.")
  }
  if text.contains("bind failed: Permission denied") {
    return Meaning(
      code: .permission, message: "The system doesn't let this user listen at the port.",
      remedy: "Choose a port from 1024 on.")
  }
  if text.contains("Connection to srt://") {
    return Meaning(
      code: .connectionFailed, message: "No SRT sender answers at the address.",
      remedy: "Check the host, the port, the mode and the passphrase.", isTransient: true)
  }
  if text.contains("TLS") || text.contains("certificate") {
    return Meaning(
      code: .connectionFailed, message: "No encrypted connection could be made (TLS).",
      remedy: "Check that the server encrypts at this port, and its certificate.",
      isTransient: true)
  }
  if text.contains("Stream ends prematurely at 0,") {
    return Meaning(
      code: .connectionFailed, message: "The server's answer has no content.",
      remedy: "Check the path in the address, or try again later.", isTransient: true)
  }
  if text.contains("Stream ends prematurely"), text.contains("moov atom not found") {
    return Meaning(
      code: .ioError, message: "The server broke off before the index (\"moov\") at the end.",
      remedy: "Try again later.", isTransient: true)
  }
  return nil
}

/// A playlist of which nothing could be read.
private func segmentMeaning(_ text: String) -> Meaning? {
  guard let place = text.firstRange(of: "Error when loading first segment '") else { return nil }
  let name = text[place.upperBound...].prefix { $0 != "'" }
  return Meaning(
    code: .invalidData, message: "Its first segment \"\(name)\" could not be read.",
    remedy: "Check that it is there; a playlist may name files and addresses with http or https.")
}

/// The server's answer, as in "method SETUP failed: 453 Not Enough Bandwidth" and "HTTP error 429".
private func serverStatus(_ messages: [String]) -> Int? {
  for message in messages.reversed() {
    for mark in [" failed: ", "HTTP error "] {
      guard let place = message.firstRange(of: mark) else { continue }
      let digits = message[place.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if digits.count == 3, let status = Int(digits), (300...599).contains(status) { return status }
    }
  }
  return nil
}

/// What an answer means that FFmpeg has no code of its own for.
private func statusMeaning(_ status: Int) -> Meaning? {
  switch status {
  case 408, 425, 429, 453, 454:
    Meaning(
      code: .connectionFailed,
      message: "The server has no room for another client now (\(status)).",
      remedy: "End other clients, or try again later.", isTransient: true)
  case 461:
    Meaning(
      code: .connectionFailed, message: "The server does not send by this transport (461).",
      remedy: "Try the other one with --rtsp-transport.")
  case 407:
    Meaning(
      code: .unauthorized, message: "The proxy wants a user name and a password (407).",
      remedy: "Write them into the address of the proxy.")
  case 410:
    Meaning(
      code: .notFound, message: "The server no longer has it (410).",
      remedy: "Check the path in the address.")
  case 401, 403: meaning(of: SD_AVERROR_HTTP_FORBIDDEN)
  case 404: meaning(of: SD_AVERROR_HTTP_NOT_FOUND)
  case 500...599: meaning(of: SD_AVERROR_HTTP_SERVER_ERROR)
  default: nil
  }
}

/// The system's error at the end of a message, such as "bind failed: Address already in use".
private func systemError(_ messages: [String]) -> Int32? {
  let known = [
    EADDRINUSE, EADDRNOTAVAIL, ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EMFILE, ENFILE,
    ENOMEM, ENOBUFS, ENODEV,
  ]
  return known.first { code in
    let reason = FFmpegError(code: -code, call: "").reason
    return messages.contains { $0.hasSuffix(reason) }
  }
}
