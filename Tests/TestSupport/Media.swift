public import Foundation

/// The clips of `scripts/make-media.sh`, rendered once for each version of the script, or `nil` if
/// the ffmpeg program is missing.
public let mediaFolder: URL? = {
  let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let script = checkout.appending(path: "scripts/make-media.sh")
  guard let text = try? Data(contentsOf: script) else { return nil }
  // FNV-1a, 64 bits: the clips are rendered again when the script changes.
  let hash = text.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  let files = FileManager.default
  let folder = files.temporaryDirectory.appending(
    path: "stream-detect-media-\(String(hash, radix: 16))")
  if files.fileExists(atPath: folder.path) { return folder }
  // Rendered in another folder and renamed, so that no other process sees a partial one.
  let unfinished = files.temporaryDirectory.appending(
    path: "stream-detect-media-\(UUID().uuidString)")
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["bash", script.path, unfinished.path]
  guard (try? process.run()) != nil else { return nil }
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { return nil }
  try? files.moveItem(at: unfinished, to: folder)
  return files.fileExists(atPath: folder.path) ? folder : nil
}()

/// Whether the clips could be rendered; for `.enabled(if:)`, with `skippedWithoutMedia`.
public var hasMedia: Bool { mediaFolder != nil }

/// The reason for skipping a test if the clips could not be rendered.
public let skippedWithoutMedia =
  "skipped: scripts/make-media.sh failed; is ffmpeg installed?"

/// The path of a clip.
public func media(_ name: String) -> String {
  mediaFolder?.appending(path: name).path ?? "/no/media/\(name)"
}
