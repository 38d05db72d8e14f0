internal import Foundation

/// The absolute path without links of a file that may be missing, and so may its folders.
///
/// Two paths with one result lead to one file. The reverse doesn't hold, for hard links.
///
/// On a drive that doesn't answer, links can't be followed: there, `path` stays as it is.
package func resolvedPath(_ path: String) -> String {
  let resolved = try? DiskCall.run("realpath", path) { _ throws(FileError) in
    resolvedPath(waitingFor: path)
  }
  return resolved ?? path
}

/// The same, for as long as the disk takes; for the body of a `DiskCall`.
package func resolvedPath(waitingFor path: String) -> String { resolvedPath(path, links: 0) }

/// `path` without links and without `..`, for as long as the disk takes; `nil` if nothing is there.
package func existingPath(waitingFor path: String) -> String? {
  guard let found = unsafe realpath(FileName.cString(path), nil) else { return nil }
  defer { unsafe free(found) }
  return unsafe FileName.text(cString: found)
}

private func resolvedPath(_ path: String, links: Int) -> String {
  // No file has a longer path.
  guard FileName.bytes(path).count < Int(PATH_MAX) else { return path }
  if let found = existingPath(waitingFor: path.isEmpty ? "." : path) { return found }
  let parent = PathText.parent(of: path)
  // Only the root is its own parent, and it is never missing.
  guard parent != path, !path.isEmpty else { return path }
  // A link to what is missing; links in a circle are given up, as the system does.
  if links < 40, let target = linkTarget(path) {
    let isAbsolute = target.utf8.first == UInt8(ascii: "/")
    return resolvedPath(isAbsolute ? target : PathText.join(parent, target), links: links + 1)
  }
  let name = PathText.components(of: path).last ?? ""
  let folder = resolvedPath(parent, links: links)
  switch name {
  case ".": return folder
  case "..": return PathText.parent(of: folder)
  default: return PathText.join(folder, name)
  }
}

/// Where a link leads; `nil` for anything else.
func linkTarget(_ path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  let count = unsafe readlink(FileName.cString(path), &buffer, buffer.count - 1)
  guard count > 0 else { return nil }
  return FileName.text(buffer[..<count].map { UInt8(bitPattern: $0) })
}
