import Foundation
import Logging
import TestSupport
import Testing

@testable import Media
@testable import Recording

/// Renders a video as a camera sends it, with the ffmpeg program; returns its path.
func renderCamera(
  _ name: String, in folder: TemporaryFolder, seconds: Int, size: String = "160x120",
  _ options: [String] = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50"],
  sound: [String]? = nil
) throws -> String {
  let path = "\(folder.path)/\(name)"
  var arguments = ["-v", "error", "-y", "-f", "lavfi", "-i"]
  arguments.append("testsrc2=size=\(size):rate=25:duration=\(seconds)")
  if sound != nil {
    arguments += ["-f", "lavfi", "-i", "sine=duration=\(seconds):sample_rate=8000"]
  }
  arguments += options + ["-pix_fmt", "yuv420p"]
  arguments += (sound ?? []) + [path]
  _ = try runProgram("ffmpeg", arguments)
  return path
}

/// The packets of a video; they arrive at their times, from `start` on.
func packets(
  of path: String, from start: Date = Date(timeIntervalSince1970: 1_700_000_000)
) throws -> [TappedPacket] {
  let reader = try PacketReader(path)
  let now = ContinuousClock.now
  var packets: [TappedPacket] = []
  while let packet = try reader.next() {
    let capture = CaptureTime(now: now + .seconds(packet.time), date: start + packet.time)
    packets.append(
      TappedPacket(
        packet: packet.packet, streams: packet.streams, isVideo: packet.isVideo, capture: capture))
  }
  return packets
}

/// Options of a recorder that gets a minute of packets in a moment: all of them may wait.
func patient<Packet>(_ mode: RecordingMode) -> Recorder<Packet>.Options {
  var options = Recorder<Packet>.Options(mode)
  options.backlog.seconds = .infinity
  return options
}

/// Records packets into the folder of a camera.
func record(
  _ packets: [TappedPacket], _ camera: String = "door", in store: RecordingStore
) throws -> RecordingCounts {
  let logger = Logger(label: "test")
  let recorder = Recorder(
    camera, patient(.continuous), into: try StoredSegments(camera, in: store, logger: logger),
    logger: logger)
  for packet in packets { recorder.take(packet) }
  #expect(recorder.stop(within: longWait))
  return recorder.counts
}

extension RecordingStore {
  /// Opens a store without limits.
  convenience init(_ root: String) throws {
    var limits = Limits()
    limits.minFree = 0
    try self.init(root, limits, logger: Logger(label: "test"))
  }

  /// The paths of all segments in a camera's folder, in order.
  func files(_ camera: String = "door") throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(camera)").sorted()
      .filter { $0.hasSuffix(".mp4") }.map { "\(root)/\(camera)/\($0)" }
  }
}

/// A line of FFmpeg's framemd5 muxer.
struct FrameSum: Equatable {
  var dts: Int
  var pts: Int
  var duration: Int
  var hash: String
}

/// The checksums of a video's packets, or of its decoded pictures.
func sums(_ path: String, stream: String = "v", decoded: Bool = false) throws -> [FrameSum] {
  let output = try runProgram(
    "ffmpeg",
    ["-v", "error", "-copyts", "-i", path, "-map", "0:\(stream)"] + (decoded ? [] : ["-c", "copy"])
      + ["-f", "framemd5", "-"])
  return String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line in
    let words = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard words.count == 6, let dts = Int(words[1]), let pts = Int(words[2]),
      let duration = Int(words[3])
    else { return nil }
    return FrameSum(dts: dts, pts: pts, duration: duration, hash: words[5])
  }
}
