internal import Foundation
package import TestSupport
internal import Testing

@testable package import Media
@testable package import Pictures
@testable import Output

/// A temporary folder that is removed with this object.
package final class ScratchFolder {
  package let path: String

  package init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "stream-detect-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// An encoder that FFmpeg may have been built without.
package func encoder(_ codec: String) -> Requirement {
  Requirement("encoder-\(codec)", absence: "FFmpeg has no encoder for it here") {
    EncoderChoice.available.contains(codec)
  }
}

/// What ffprobe prints about `path`, line by line.
package func probed(_ path: String, _ entries: String, _ more: [String] = []) throws -> [String] {
  let output = try runProgram(
    "ffprobe", ["-v", "error", "-show_entries", entries, "-of", "csv=p=0"] + more + [path])
  return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// The presentation times of the decoded frames of `path`, in ticks.
package func frameTimes(_ path: String) throws -> [Int64] {
  try probed(path, "frame=pts", ["-select_streams", "v:0"])
    .compactMap { Int64($0.prefix { $0 != "," }) }.sorted()
}

/// Writes `times.count` pictures made by `picture` to `path`.
package func writeVideo(
  _ path: String, _ options: VideoWriterOptions, times: [Int64],
  picture: (Int) throws -> Picture = { try testPicture(width: 64, height: 48, seed: $0) }
) throws {
  let writer = try VideoWriter(path, options: options)
  for (index, pts) in times.enumerated() {
    try writer.write(
      picture(index), at: PresentationTime(pts: pts, timeBase: options.timeBase),
      conforming: PictureConform())
  }
  try writer.finish()
}

/// A picture with a gradient and a coloured block that depends on `seed`.
package func testPicture(width: Int, height: Int, seed: Int = 0) throws -> Picture {
  let picture = try Picture(width: width, height: height, color: Color(hex: 0x406080))
  for y in 0..<height {
    try picture.withMutableRow(.luma, y) { row in
      for x in row.indices { row[x] = UInt8(40 + (x * 100 / width) + (y * 60 / height)) }
    }
  }
  let side = Float(min(width, height)) / 4
  let place = Float(seed % 8) * Float(width) / 16
  try picture.fillRectangle(
    x: place, y: place / 2, width: side, height: side, color: ClassPalette.color(of: seed + 1))
  return picture
}

extension Picture {
  /// All displayed samples of a plane, line by line.
  package func samples(_ plane: PictureLayout.Plane) -> [[UInt8]] {
    (0..<layout.height(of: plane)).map { y in
      withRow(plane, y) { row in row.indices.map { row[$0] } }
    }
  }

  /// Luma and both chroma samples of a pixel.
  package func pixel(_ x: Int, _ y: Int) -> YUVColor {
    var color = value(of: .black)
    color.luma = withRow(.luma, y) { $0[x] }
    color.blueDifference = withRow(.blueDifference, y / 2) { $0[x / 2] }
    color.redDifference = withRow(.redDifference, y / 2) { $0[x / 2] }
    return color
  }
}

/// The mean absolute difference of two lists of lines.
package func meanDifference(_ a: [[UInt8]], _ b: [[UInt8]]) -> Double {
  let pairs = zip(a.joined(), b.joined())
  let sum = pairs.reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(max(1, a.joined().count))
}

/// The first picture of `path` as RGB bytes.
package func rgb(_ path: String) throws -> [UInt8] {
  try runProgram(
    "ffmpeg",
    ["-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
}

/// Copies a video with a display matrix that turns it anticlockwise by some degrees.
package func turn(_ source: String, by degrees: Int, to path: String) throws {
  do {
    // FFmpeg 6 and later.
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-y", "-display_rotation:v:0", "\(degrees)", "-i", source]
        + ["-c", "copy", path])
  } catch {
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-y", "-i", source, "-c", "copy", "-metadata:s:v", "rotate=\(degrees)", path])
  }
}
