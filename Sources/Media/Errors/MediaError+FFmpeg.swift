import CFFmpeg
import Foundation

extension MediaError {
  /// The error shown to the user for a failed FFmpeg call on `source`.
  package init(_ error: FFmpegError, source: String) {
    self.init(error, messages: [], origin: .other, source: source)
  }

  /// The error shown to the user for a failed system call on `source`.
  package init(errno code: Int32, call: String, source: String) {
    self.init(FFmpegError(code: -code, call: call), source: source)
  }

  /// What the bytes came from, which decides what some codes mean.
  enum Origin {
    /// A regular file; `failure` is the `errno` of its last failed read, 0 if none failed.
    case file(failure: Int32)
    case other
  }

  /// The error shown to the user for a failed FFmpeg call on `source`; `messages` are what FFmpeg
  /// printed meanwhile.
  init(_ error: FFmpegError, messages: [String], origin: Origin, source: String) {
    let row =
      printedMeaning(messages, code: error.code, origin: origin)
      ?? diskMeaning(of: error.code, origin: origin) ?? meaning(of: error.code)
    self.init(
      row.code, source: source, message: row.message ?? "\(error.call): \(error.reason).",
      remedy: row.remedy, isTransient: row.isTransient)
  }
}

/// One row of the table that maps FFmpeg's codes to ours.
struct Meaning {
  var code: MediaError.Code
  var message: String?
  var remedy: String
  var isTransient = false
}

func meaning(of code: Int32) -> Meaning {
  fileMeaning(of: code) ?? resourceMeaning(of: code) ?? formatMeaning(of: code)
    ?? networkMeaning(of: code)
    ?? Meaning(code: .failed, remedy: "Run again with -v to see FFmpeg's messages.")
}

/// `EIO` of a regular file stays what it is, however often it is read; for a demuxer it is one of
/// the names of damage, as are `EPERM` ("-1") and `EINVAL`.
private func diskMeaning(of code: Int32, origin: MediaError.Origin) -> Meaning? {
  guard [-EIO, -EPERM, -EINVAL].contains(code), case .file(let failure) = origin else { return nil }
  if failure == 0 { return formatMeaning(of: SD_AVERROR_INVALIDDATA) }
  return Meaning(
    code: .ioError, message: "The disk or the network drive could not read it.",
    remedy: "Check the disk, and get another copy of the file.")
}

private func resourceMeaning(of code: Int32) -> Meaning? {
  let (lacking, remedy): (String, String)
  switch code {
  case -EMFILE: (lacking, remedy) = ("open files", "raise the limit (ulimit -n)")
  case -ENFILE: (lacking, remedy) = ("open files", "close other programs")
  case -ENOMEM, -ENOBUFS: (lacking, remedy) = ("memory", "close other programs")
  case -EAGAIN: (lacking, remedy) = ("threads or memory", "raise the limit (ulimit -u)")
  default: return nil
  }
  return Meaning(
    code: .outOfResources, message: "The system has no more \(lacking) for it.",
    remedy: "Read fewer sources at the same time, or \(remedy).", isTransient: true)
}

private func fileMeaning(of code: Int32) -> Meaning? {
  switch code {
  case -ENOENT, -ENOTDIR:
    Meaning(
      code: .notFound, message: "The file does not exist.",
      remedy: "Check the path; put it in quotes if the shell may expand it.")
  case -EACCES, -EPERM:
    Meaning(
      code: .permission, message: "The system denies access to it.",
      remedy: "Check the permissions of the file and of the folders above it.")
  case -ELOOP:
    Meaning(
      code: .notFound, message: "Its links lead in a circle.",
      remedy: "Give the path of the file itself.")
  case -ENAMETOOLONG:
    Meaning(
      code: .notFound, message: "The name is longer than the file system allows.",
      remedy: "Check the path.")
  case -EISDIR:
    Meaning(
      code: .isDirectory, message: "It is a directory, not a file.",
      remedy: "Name a file in it.")
  case -EBUSY, -ENODEV, -ENXIO:
    Meaning(
      code: .deviceFailed, message: "The device is in use or not connected.",
      remedy: "Check that it is plugged in and that no other program is using it.",
      isTransient: true)
  case -EIO:
    Meaning(
      code: .ioError, message: "Reading it failed, or the stream broke off.",
      remedy: "Check the disk or the network.", isTransient: true)
  default: nil
  }
}

private func formatMeaning(of code: Int32) -> Meaning? {
  switch code {
  case SD_AVERROR_INVALIDDATA, SD_AVERROR_EOF:
    Meaning(
      code: .invalidData, message: "It is not a media file that FFmpeg can read, or it is damaged.",
      remedy: "Check that the file is complete and plays elsewhere.")
  case SD_AVERROR_STREAM_NOT_FOUND:
    Meaning(
      code: .noVideo, message: "It contains no video.",
      remedy: "Use a source that has a video stream.")
  case SD_AVERROR_DECODER_NOT_FOUND, SD_AVERROR_PATCHWELCOME:
    Meaning(
      code: .unsupportedCodec, message: "This FFmpeg cannot decode its video.",
      remedy: "Install an FFmpeg with that decoder, or convert the file.")
  case SD_AVERROR_PROTOCOL_NOT_FOUND, SD_AVERROR_DEMUXER_NOT_FOUND:
    Meaning(
      code: .unsupportedProtocol, message: "This FFmpeg does not support its protocol or format.",
      remedy: "Check the address, or install an FFmpeg that supports it.")
  case SD_AVERROR_OPTION_NOT_FOUND:
    Meaning(
      code: .unknownOption, message: "FFmpeg does not know one of the options given.",
      remedy: "Check the names of the options given for this source.")
  default: nil
  }
}

private func networkMeaning(of code: Int32) -> Meaning? {
  switch code {
  case SD_AVERROR_HTTP_UNAUTHORIZED, SD_AVERROR_HTTP_FORBIDDEN:
    Meaning(
      code: .unauthorized, message: "The server rejected the user name or password.",
      remedy: "Check the user name and password in the address.")
  case SD_AVERROR_HTTP_NOT_FOUND:
    Meaning(
      code: .notFound, message: "The server has no such stream.",
      remedy: "Check the path in the address.")
  case SD_AVERROR_HTTP_BAD_REQUEST, SD_AVERROR_HTTP_OTHER_4XX:
    Meaning(
      code: .connectionFailed, message: "The server rejected the request.",
      remedy: "Check the address.")
  case SD_AVERROR_HTTP_SERVER_ERROR:
    Meaning(
      code: .connectionFailed, message: "The server reported an internal error.",
      remedy: "Try again later.", isTransient: true)
  case -ECONNREFUSED:
    Meaning(
      code: .connectionRefused, message: "Nothing is listening at the address.",
      remedy: "Check the host, the port, and that the server is running.", isTransient: true)
  case -ETIMEDOUT:
    Meaning(
      code: .readTimeout, message: "The source sent no data in time.",
      remedy: "Check the network, or allow more time.", isTransient: true)
  case -EADDRINUSE:
    Meaning(
      code: .addressInUse, message: "Another program uses the port.",
      remedy: "End that program, or choose another port.", isTransient: true)
  case -EADDRNOTAVAIL:
    Meaning(
      code: .connectionFailed, message: "The address doesn't belong to this machine.",
      remedy: "Check the address, and that its network is up.", isTransient: true)
  case -ECONNRESET, -ECONNABORTED, -EPIPE, -EHOSTUNREACH, -ENETUNREACH, -ENETDOWN, -EHOSTDOWN:
    Meaning(
      code: .connectionFailed, message: "The network or the server broke the connection.",
      remedy: "Check the network and the server.", isTransient: true)
  default: nil
  }
}
