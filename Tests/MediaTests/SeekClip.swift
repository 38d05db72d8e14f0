import Foundation
import TestSupport
import Testing

/// A video that ffmpeg makes.
struct SeekClip: CustomTestStringConvertible, Sendable {
  var name: String
  var arguments: [String]
  /// How much of it can be passed over.
  enum Savings { case some, none, maybe }

  var savings: Savings
  var encoder: String
  var suffix: String
  var testDescription: String { name }

  init(
    _ name: String, _ suffix: String, _ encoder: String, _ arguments: String,
    _ savings: Savings = .some
  ) {
    (self.name, self.suffix, self.encoder) = (name, suffix, encoder)
    self.arguments = arguments.split(separator: " ").map(String.init)
    self.savings = savings
  }

  /// Whether the container lists all samples of the video.
  var hasIndex: Bool {
    ["mp4", "mov"].contains(suffix) && savings == .some
      && !arguments.contains("frag_keyframe+empty_moov")
  }

  func make(in folder: TemporaryFolder) throws -> String {
    let path = "\(folder.path)/clip.\(suffix)"
    try run(
      ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=6", "-c:v", encoder] + arguments + [path])
    return path
  }

  func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1"] + arguments
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}

private let h264 = "-preset ultrafast -g 25 -bf 3 -b_strategy 0 -pix_fmt yuv420p"
private let h264Deep = "-preset veryfast -g 25 -bf 3 -pix_fmt yuv420p"
private let hevc = "-preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=25"

extension SeekClip {
  static let inTransportStream = SeekClip(
    "H.264 in a transport stream", "ts", "libx264", h264Deep)

  static let all = [
    SeekClip("H.264 in MP4", "mp4", "libx264", h264),
    SeekClip("H.264 with a pyramid in MP4", "mp4", "libx264", h264Deep),
    SeekClip("H.264 in QuickTime, with an edit list", "mov", "libx264", h264Deep + " -ss 0.5"),
    SeekClip("H.264 in fragments", "mp4", "libx264", h264 + " -movflags frag_keyframe+empty_moov"),
    SeekClip("H.264 in Matroska", "mkv", "libx264", h264Deep),
    inTransportStream,
    SeekClip("H.264 in Flash Video", "flv", "libx264", h264),
    SeekClip("H.264 in NUT", "nut", "libx264", h264),
    SeekClip("H.264 in AVI", "avi", "libx264", h264, .none),
    SeekClip("H.264 without B pictures in AVI", "avi", "libx264", h264 + " -bf 0"),
    SeekClip("H.264 with open groups", "mp4", "libx264", h264Deep + " -x264-params open-gop=1"),
    SeekClip(
      "H.264 with open groups in TS", "ts", "libx264", h264Deep + " -x264-params open-gop=1"),
    SeekClip(
      "H.264 with refreshed columns", "mp4", "libx264",
      h264 + " -x264-params intra-refresh=1 -bf 0", .maybe),
    SeekClip("interlaced H.264", "mkv", "libx264", h264Deep + " -flags +ildct+ilme"),
    SeekClip(
      "H.264 in one group", "mp4", "libx264", "-preset ultrafast -g 1000 -pix_fmt yuv420p", .maybe),
    SeekClip(
      "H.264 at a variable rate", "mkv", "libx264",
      h264Deep + " -vf select=mod(n\\,7)-3 -vsync vfr"),
    SeekClip(
      "H.264 without times at first", "mkv", "libx264",
      h264Deep + " -output_ts_offset -1 -avoid_negative_ts 0", .none),
    SeekClip("H.264 late", "ts", "libx264", h264Deep + " -output_ts_offset 100"),
    SeekClip("turned H.264", "mp4", "libx264", h264 + " -metadata:s:v rotate=90"),
    SeekClip("HEVC in MP4", "mp4", "libx265", hevc + ":open-gop=0"),
    SeekClip("HEVC with open groups", "mkv", "libx265", hevc + ":open-gop=1:bframes=3"),
    SeekClip("HEVC with layers", "mp4", "libx265", hevc + ":temporal-layers=1:bframes=3"),
    SeekClip("HEVC in a transport stream", "ts", "libx265", hevc),
    SeekClip("MPEG-2 in a transport stream", "ts", "mpeg2video", "-g 12 -bf 2"),
    SeekClip(
      "MPEG-2 in a program stream", "mpg", "mpeg2video", "-g 12 -bf 2 -q:v 1 -s 160x128", .maybe),
    SeekClip("MPEG-2 in Matroska", "mkv", "mpeg2video", "-g 12 -bf 2"),
    SeekClip("MPEG-1, some without times", "mpg", "mpeg1video", "-g 12 -bf 2", .none),
    SeekClip("MPEG-4 in AVI", "avi", "mpeg4", "-g 12"),
    SeekClip("MPEG-4 with B pictures in AVI", "avi", "mpeg4", "-g 12 -bf 2", .none),
    SeekClip("MPEG-4 with B pictures in MP4", "mp4", "mpeg4", "-g 12 -bf 2"),
    SeekClip("VP8", "webm", "libvpx", "-deadline realtime -g 25 -auto-alt-ref 1 -lag-in-frames 10"),
    SeekClip("VP9", "webm", "libvpx-vp9", "-deadline realtime -cpu-used 8 -g 25 -lag-in-frames 10"),
    SeekClip("AV1", "mkv", "libsvtav1", "-preset 12 -g 25"),
    SeekClip("AV1 in MP4", "mp4", "libsvtav1", "-preset 12 -g 25"),
    SeekClip("Theora", "ogv", "libtheora", "-g 16"),
    SeekClip("Motion JPEG in AVI", "avi", "mjpeg", ""),
    SeekClip("Motion JPEG in QuickTime", "mov", "mjpeg", ""),
    SeekClip("ProRes", "mov", "prores", ""),
    SeekClip("FFV1", "mkv", "ffv1", "-g 10"),
    SeekClip("Windows Media Video", "asf", "wmv2", "-g 12"),
    SeekClip("Sorenson in Flash Video", "flv", "flv1", "-g 12"),
    SeekClip("GIF", "gif", "gif", "", .none),
    SeekClip("H.264 alone", "h264", "libx264", h264, .none),
    SeekClip("Motion JPEG alone", "mjpeg", "mjpeg", "", .none),
  ]
}
