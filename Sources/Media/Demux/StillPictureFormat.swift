import Foundation

/// FFmpeg's format for a file whose first bytes are those of a still picture, or `nil`.
///
/// By itself, FFmpeg goes by the file extension, and takes `%` or `*` in a name for a pattern that
/// stands for a series of files.
func pictureFormat(ofFile path: String) -> String? {
  guard let file = FileHandle(forReadingAtPath: path),
    let head = try? file.read(upToCount: 16)
  else { return nil }
  let bytes = [UInt8](head)
  if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
    // An MJPEG video starts the same way, so the extension decides.
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    return ["jpg", "jpeg", "jpe", "jfif", "mpo"].contains(ending) ? "jpeg_pipe" : nil
  }
  if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "png_pipe" }
  if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
    return "webp_pipe"
  }
  if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
    return "tiff_pipe"
  }
  // "BM" alone is a weak signature, so a bitmap's four reserved bytes must be zero as well.
  if bytes.starts(with: Array("BM".utf8)), bytes.count >= 10, bytes[6..<10].allSatisfy({ $0 == 0 })
  {
    return "bmp_pipe"
  }
  return nil
}
