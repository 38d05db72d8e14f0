import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// Files that are put one behind the other with `cat`: all is read, or it shows what isn't.
@Suite("Joined files", .requires(.ffmpegPrograms))
struct JoinedFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func clip(_ name: String, _ options: [String]) throws -> Data {
    let path = folder(name)
    _ = try runProgram(
      "ffmpeg",
      ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2", "-threads", "1"]
        + options + [path])
    return try Data(contentsOf: URL(filePath: path))
  }

  private func missing(_ bytes: Data, _ name: String) throws -> (Shortfall?, frames: Int) {
    try bytes.write(to: URL(filePath: folder(name)))
    let reader = try VideoReader(folder(name))
    var frames = 0
    while try reader.next() != nil { frames += 1 }
    return (reader.missingPart, frames)
  }

  private static let h264 = [
    "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25",
  ]
  private static let fragments = h264 + ["-movflags", "frag_keyframe+empty_moov"]

  @Test(
    "of formats of which FFmpeg reads the first file, the rest is counted in bytes",
    arguments: [
      ("a.flv", ["-c:v", "flv1"], 50), ("h.flv", h264, 50), ("a.wmv", ["-c:v", "wmv2"], 50),
      ("a.asf", ["-c:v", "msmpeg4v3"], 50), ("a.gif", [], 50), ("a.apng", ["-f", "apng"], 50),
      ("a.swf", ["-c:v", "flv1"], 50), ("a.png", ["-frames:v", "1"], 1),
      ("a.bmp", ["-frames:v", "1"], 1), ("a.webp", ["-frames:v", "1", "-c:v", "libwebp"], 1),
    ])
  func unread(name: String, options: [String], count: Int) throws {
    let bytes = try clip(name, options)
    let (alone, _) = try missing(bytes, "one-\(name)")
    #expect(alone == nil)
    let (missing, frames) = try missing(bytes + bytes, "both-\(name)")
    #expect(frames == count && missing?.kind == .truncated)
    let text = "byte \(bytes.count), and these \(bytes.count) bytes are not read"
    #expect(missing?.message.contains(text) == true, "\(missing as Any)")
    let (padded, _) = try self.missing(bytes + Data(count: 3000), "padded-\(name)")
    #expect(padded == nil, "\(padded as Any)")
  }

  @Test("a second Matroska file with other tracks is not read, one with the same is")
  func matroska() throws {
    let first = try clip("a.mkv", Self.h264)
    let other = try clip("b.mkv", ["-c:v", "ffv1"])
    let (none, all) = try missing(first + first, "same.mkv")
    #expect(none == nil && all == 100)
    let (missing, frames) = try missing(first + other, "other.mkv")
    #expect(frames == 50 && missing?.kind == .truncated)
    #expect(missing?.message.contains("these \(other.count) bytes are not read") == true)
  }

  @Test("fragments that are declared and don't come are missing")
  func fragments() throws {
    let bytes = try clip("f.mp4", Self.fragments)
    #expect(try missing(bytes, "one.mp4").0 == nil)
    let (missing, frames) = try missing(bytes + bytes, "two.mp4")
    #expect(frames < 100 && missing?.kind == .gaps)
    #expect(missing?.message.contains("another file begins at its byte \(bytes.count)") == true)
  }

  @Test("a header that is repeated between fragments is no loss")
  func repeatedHeader() throws {
    let path = folder("h.m3u8")
    _ = try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=4"] + Self.h264
        + ["-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "2", path])
    let parts = try ["init.mp4", "h0.m4s", "init.mp4", "h1.m4s"].map {
      try Data(contentsOf: URL(filePath: folder($0)))
    }
    let (missing, frames) = try missing(parts.reduce(Data(), +), "all.mp4")
    #expect(missing == nil && frames == 100, "\(missing as Any)")
  }
}
