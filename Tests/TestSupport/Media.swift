public import Foundation

/// The clips of `scripts/make-media.sh`, made once for each version of the script; tests that use
/// them have `.requires(.media)`.
public let mediaFolder = Result<URL, any Error> {
  let script = checkout.appending(path: "scripts/make-media.sh")
  let text = try Data(contentsOf: script)
  // FNV-1a, 64 bits: the clips change with the script.
  let hash = text.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  let files = FileManager.default
  let folder = files.temporaryDirectory.appending(
    path: "stream-detect-media-\(String(hash, radix: 16))")
  if files.fileExists(atPath: folder.path) { return folder }
  // Rendered in another folder and renamed, so that no other process sees a partial one.
  let making = files.temporaryDirectory.appending(path: "stream-detect-media-\(UUID().uuidString)")
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["bash", script.path, making.path]
  // Its messages go where the test log goes.
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    try? files.removeItem(at: making)
    throw FailedMediaScript(status: process.terminationStatus)
  }
  do {
    try files.moveItem(at: making, to: folder)
  } catch {
    // Another process was faster.
    guard files.fileExists(atPath: folder.path) else { throw error }
    try files.removeItem(at: making)
  }
  return folder
}

/// The path of a clip.
public func media(_ name: String) -> String {
  (try? mediaFolder.get())?.appending(path: name).path ?? "/no/media/\(name)"
}

/// `scripts/make-media.sh` did not make all of its clips.
private struct FailedMediaScript: Error, CustomStringConvertible {
  let status: Int32

  var description: String {
    "scripts/make-media.sh failed with status \(status); its messages are in the test log"
  }
}
