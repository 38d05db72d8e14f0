internal import Foundation
package import Pipeline
internal import Support

/// The file that a path leads to, whatever the path.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The regular file that `path` leads to, following links; `nil` if there is none.
  public init?(path: String) {
    guard let status = try? FileStatus(path) else { return nil }
    self.init(status)
  }

  /// The regular file that standard input comes from; `nil` if it is something else.
  init?(standardInput: Void) {
    guard let status = try? FileStatus(descriptor: STDIN_FILENO, path: "-") else { return nil }
    self.init(status)
  }

  fileprivate init?(_ status: FileStatus) {
    guard status.kind == .file else { return nil }
    device = status.device
    inode = status.inode
  }
}

/// The files that a run reads, which must not be written to.
public struct InputFiles: Sendable {
  private let identities: Set<FileIdentity>
  private let names: Set<String>
  /// The folders of those files that may be pictures of an earlier run.
  private let pictureFolders: Set<String>

  /// Notes the files at `paths`, also those that are missing.
  ///
  /// `-` is what standard input comes from; what is no file is left out.
  public init(_ paths: some Sequence<String>) {
    let files = paths.compactMap { text -> String? in
      if text == "-" { return nil }
      return FileAddress.path(of: text) ?? (text.contains("://") ? nil : text)
    }
    let found = DiskCall.each("stat", files) { path in
      (
        identity: (try? FileStatus(waitingFor: path)).flatMap(FileIdentity.init),
        name: resolvedPath(waitingFor: path)
      )
    }
    var identities = Set(found.compactMap { $0?.identity })
    if paths.contains("-"), let input = FileIdentity(standardInput: ()) { identities.insert(input) }
    let names = Set(zip(files, found).map { $1?.name ?? $0 })
    self.identities = identities
    self.names = names
    pictureFolders = Set(names.filter(isNumberedPicture).map(PathText.parent))
  }

  /// Whether `path` leads to one of the files, or would if that existed.
  public func contains(_ path: String) -> Bool {
    leadsToInput(path) || names.contains(resolvedPath(path))
  }

  /// The same for a path of which `resolved` is known to be the one without links.
  func contains(_ path: String, resolved: String) -> Bool {
    leadsToInput(path) || names.contains(resolved)
  }

  private func leadsToInput(_ path: String) -> Bool {
    FileIdentity(path: path).map(identities.contains) ?? false
  }

  /// Whether one of the files in `folder` itself may be a picture of an earlier run.
  func hasPicture(in folder: String) -> Bool { pictureFolders.contains(resolvedPath(folder)) }
}

/// Whether `path` leads to a folder.
public func isDirectory(_ path: String) -> Bool {
  (try? FileStatus(path))?.kind == .folder
}

/// Whether two paths lead to one place, also if that doesn't exist yet.
public func isSamePlace(_ a: String, _ b: String) -> Bool { resolvedPath(a) == resolvedPath(b) }

/// Makes the folder `path` and those above it if they are missing.
///
/// - Throws: `SinkError` when one cannot be made.
package func makeDirectories(_ path: String) throws(SinkError) {
  guard FileName.bytes(path).count < Int(PATH_MAX) else {
    throw SinkError(FileError(code: ENAMETOOLONG, call: "mkdir", path: path))
  }
  var missing: [String] = []
  var folder = path
  while !folder.isEmpty, !isDirectory(folder) {
    missing.append(folder)
    let parent = PathText.parent(of: folder)
    if parent == folder { break }
    folder = parent
  }
  for folder in missing.reversed() { try makeDirectory(folder) }
}

private func makeDirectory(_ path: String) throws(SinkError) {
  do throws(FileError) {
    try DiskCall.run("mkdir", path) { _ throws(FileError) in
      let result = unsafe mkdir(FileName.cString(path), 0o777)
      guard result == 0 || (errno == EEXIST && isFolder(path)) else {
        throw FileError(code: errno, call: "mkdir", path: path)
      }
    }
  } catch {
    throw SinkError(error)
  }
}

private func isFolder(_ path: String) -> Bool {
  (try? FileStatus(waitingFor: path))?.kind == .folder
}
