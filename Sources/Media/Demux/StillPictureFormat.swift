import CFFmpeg
import Foundation
import Support

/// FFmpeg's format for a file whose first bytes are those of a still picture, or `nil`.
///
/// By itself, FFmpeg goes by the file extension, and takes `%` or `*` in a name for a pattern that
/// stands for a series of files.
func pictureFormat(ofFile path: String) -> String? {
  guard let file = ByteFile(path: path) else { return nil }
  let head = file.bytes(at: 0, count: 24)
  if head.starts(with: [0xFF, 0xD8, 0xFF]) {
    // An MJPEG video starts the same way, so the extension decides.
    let isPicture = ["jpg", "jpeg", "jpe", "jfif", "jif", "mpo"].contains(
      PathText.suffix(of: path))
    return isPicture ? "jpeg_pipe" : nil
  }
  if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
    return isAnimatedPNG(file) ? nil : "png_pipe"
  }
  if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: Array("WEBP".utf8)) {
    let isAnimated =
      head.dropFirst(12).starts(with: "VP8X".utf8) && head.count > 20 && head[20] & 2 != 0
    // An FFmpeg that knows animations has a format for them.
    return unsafe isAnimated && av_find_input_format("webp") != nil ? nil : "webp_pipe"
  }
  if head.starts(with: [0x49, 0x49, 0x2A, 0x00]) || head.starts(with: [0x4D, 0x4D, 0x00, 0x2A])
    || TIFFDirectory.isBig(head)
  {
    return "tiff_pipe"
  }
  // "BM" alone is a weak signature, so a bitmap's four reserved bytes must be zero as well.
  if head.starts(with: Array("BM".utf8)), head.count >= 10, head[6..<10].allSatisfy({ $0 == 0 }) {
    return "bmp_pipe"
  }
  if HEIFPicture.begins(head) { return "mov" }
  // FFmpeg knows TGA by its extension only.
  return PathText.suffix(of: path) == "tga" ? "image2" : nil
}

/// Whether a PNG file is an animation: `acTL` comes before its first picture data.
private func isAnimatedPNG(_ file: ByteFile) -> Bool {
  var offset = 8
  for _ in 0..<1000 {
    guard let length = file.integer(at: offset, count: 4) else { return false }
    switch String(decoding: file.bytes(at: offset + 4, count: 4), as: UTF8.self) {
    case "acTL": return true
    case "IDAT": return false
    default: offset += 12 + length
    }
  }
  return false
}
