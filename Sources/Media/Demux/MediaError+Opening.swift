import CFFmpeg
import Foundation
internal import Support

extension MediaError {
  /// The error for a call on a file that was given up.
  init(givenUp failure: GivenUpCall.Failure, _ interrupt: Interrupt?, source: String) {
    switch failure {
    case .noThread: self.init(errno: EAGAIN, call: "pthread_create", source: source)
    case .givenUp:
      self =
        interrupt?.stopReason(.opening, source: source, origin: .disk)
        ?? MediaError(
          .openTimeout, source: source, message: "The drive doesn't answer.",
          remedy: "Check the drive and its network, then run it again.", isTransient: true)
    }
  }

  /// The error for a host that was not found.
  init(_ failure: HostName.Failure, source: String) {
    let reason = failure.reason.map { ": \($0)" } ?? ""
    self.init(
      .hostNotFound, source: source,
      message: "The host name \"\(failure.host)\" could not be found\(reason).",
      remedy: "Check its spelling, the network and the name server.", isTransient: true)
  }

  /// The error for something that a source named and must not open.
  init(_ refusal: Refusal, source: String) {
    let named = "It names \"\(refusal.target)\""
    let (message, remedy) =
      switch refusal.reason {
      case .file(let path):
        (
          named + ", and it may open only files in its own folder and below.",
          "If you trust it, add --allow '\(PathText.folder(above: path))'."
        )
      case .network(let name):
        (
          named + ", and a local source may open only files.",
          "If you trust it, add --allow \(name)."
        )
      case .leadingOut:
        (
          named + ", and a presentation may name only what is in its own folder and below.",
          "Give what it names as a source of its own, or put it into that folder."
        )
      case .localFile:
        (
          named + ", and what comes over the network may not open local files.",
          "Give that file as a source of its own."
        )
      case .notRegular:
        (named + ", which is not a regular file.", "Give it as a source of its own.")
      case .endless:
        ("It leads to itself, or to too many playlists.", "Give one of the playlists in it.")
      case .list:
        (
          named + ", a playlist, and a list of files may not name one.",
          "Give that playlist as a source of its own."
        )
      case .options:
        (
          "It changes how the files in it are named or opened, which a playlist may not do.",
          "Remove its \"option\" lines, or in XML its document type."
        )
      case .ranges:
        (
          "Its segments are ranges of bytes of one file, which FFmpeg can't read.",
          "Give that file, which the presentation names in BaseURL, as the source."
        )
      case .tooLong:
        (
          "The playlist is larger than \(PlaylistFile.mostBytes >> 20) MB, or its folder has more "
            + "than 100,000 files.", "Divide it, or move it with its files."
        )
      case .unreadableFolder:
        (
          "The folder \"\(refusal.target)\" can't be read, so links in it may lead anywhere.",
          "Allow reading the folder and those in it, or move the playlist with its files."
        )
      }
    self.init(.notAllowed, source: source, message: message, remedy: remedy)
  }
}
