package import Pipeline
internal import Support

/// The version of a source that was read: what tells that its contents have changed since.
package struct InputState: Hashable, Sendable {
  /// The bytes of the file.
  package var size: Int
  /// When it was changed last, in nanoseconds since 1970.
  package var modified: Int

  /// Makes a state from its parts.
  package init(size: Int, modified: Int) {
    self.size = size
    self.modified = modified
  }

  /// The state of a source's file; `nil` for what is no file, is missing, or is on a drive that
  /// doesn't answer.
  package init?(of source: MediaSource) {
    let found = try? DiskCall.run("stat", source.location) { _ throws(FileError) in
      InputState(waitingFor: source)
    }
    guard let state = found ?? nil else { return nil }
    self = state
  }

  /// The state of a source's file, for as long as the disk takes; `nil` for what is no file or is
  /// missing.
  package init?(waitingFor source: MediaSource) {
    let path = FileAddress.path(of: source.location) ?? source.location
    guard !source.location.contains("://") || path != source.location,
      let status = try? FileStatus(waitingFor: path), status.kind == .file
    else { return nil }
    self.init(size: status.size, modified: status.modified)
  }
}
