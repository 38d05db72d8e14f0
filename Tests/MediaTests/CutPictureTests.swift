import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// A still picture of which a part is missing is never complete, whatever its lengths say.
@Suite("Cut pictures", .requires(.ffmpegPrograms))
struct CutPictureTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let pictures: [(suffix: String, options: [String])] = [
    ("webp", ["-c:v", "libwebp"]), ("l.webp", ["-c:v", "libwebp", "-lossless", "1"]), ("jpg", []),
    ("png", []), ("bmp", []), ("tiff", ["-compression_algo", "lzw"]), ("gif", []),
    ("jp2", ["-c:v", "jpeg2000"]), ("qoi", []), ("sun", []), ("sgi", []), ("pcx", []),
    ("exr", ["-pix_fmt", "gbrpf32le"]), ("tga", []), ("ppm", []), ("xwd", []), ("dpx", []),
  ]

  private func picture(_ index: Int) throws -> [UInt8] {
    let (suffix, options) = Self.pictures[index]
    let path = folder("whole." + suffix)
    _ = try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=640x480", "-frames:v", "1"] + options
        + [path])
    return try [UInt8](Data(contentsOf: URL(filePath: path)))
  }

  /// Whether a file is read as a whole picture.
  private func isComplete(_ bytes: [UInt8], _ suffix: String) throws -> Bool {
    let path = folder("x." + suffix)
    try Data(bytes).write(to: URL(filePath: path))
    do throws(MediaError) {
      let reader = try VideoReader(path)
      while try reader.next() != nil {}
      return reader.missingPart == nil
    } catch {
      return false
    }
  }

  @Test("as its file was cut", arguments: pictures.indices)
  func cut(index: Int) throws {
    let suffix = Self.pictures[index].suffix
    let bytes = try picture(index)
    #expect(try isComplete(bytes, suffix), "\(suffix)")
    for percent in [20, 50, 90, 99] {
      let part = Array(bytes.prefix(bytes.count * percent / 100))
      #expect(try !isComplete(part, suffix), "\(suffix) at \(percent) %")
    }
  }

  private static let patched = ["webp", "l.webp", "jpg", "png", "gif", "jp2"]

  @Test("with lengths and ends that fit what is left of it", arguments: patched)
  func fitted(suffix: String) throws {
    let index = try #require(Self.pictures.firstIndex { $0.suffix == suffix })
    let bytes = try picture(index)
    for percent in [20, 50, 90, 99] {
      let part = Array(bytes.prefix(bytes.count * percent / 100 & ~1))
      #expect(try !isComplete(fitting(part, suffix), suffix), "\(suffix) at \(percent) %")
    }
  }

  private func fitting(_ part: [UInt8], _ suffix: String) -> [UInt8] {
    func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
    func big(_ value: Int) -> [UInt8] { little(value).reversed() }
    switch suffix {
    case "webp", "l.webp":
      return part[..<4] + little(part.count - 8) + part[8..<16] + little(part.count - 20)
        + part[20...]
    case "jpg": return part + [0xFF, 0xD9]
    case "gif": return part + [0, 0x3B]
    case "jp2":
      guard let box = part.firstPlace(of: "jp2c".utf8) else { return part }
      return part[..<(box - 4)] + big(part.count - box + 6) + part[box...] + [0xFF, 0xD9]
    default:
      // The decoder doesn't check sums, so the last chunk keeps that of another.
      var (offset, whole) = (8, Array(part[..<8]))
      while offset + 8 < part.count, let length = part.integer(at: offset, count: 4) {
        let data = part[(offset + 8)...].prefix(length)
        whole += big(data.count) + part[(offset + 4)..<(offset + 8)] + data + [0, 0, 0, 0]
        offset += 12 + length
      }
      return whole + [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    }
  }
}
