import Foundation
import Media
import TestSupport
import Testing

/// What is left of a video when the program can't finish it.
@Suite("A video that is cut off", .serialized, .requires(.ffmpegPrograms))
struct CrashTests {
  /// The file that is being written, whatever its temporary name is.
  private func partial(_ place: Workplace, _ name: String) throws -> String? {
    try FileManager.default.contentsOfDirectory(atPath: place.path)
      .first { $0.contains(name) && $0 != name }
  }

  @Test("after SIGKILL all but the last seconds can be played", arguments: ["mp4", "mov", "mkv"])
  func killed(suffix: String) throws {
    let place = try Workplace()
    let made = try Program.shell(
      "ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=300 -f lavfi -i sine=d=300 "
        + "-c:v libx264 -preset ultrafast -c:a aac in.mp4", in: place.path)
    try #require(made.status == 0, "\(made.errors)")
    let running = try Running(
      Program.path,
      ["in.mp4", "--model", TinyModel.detector, "--video", "out.\(suffix)", "--jsonl", "out.jsonl"]
        + ["--progress", "none"], in: place.path)
    try running.waitUntil {
      guard let name = try partial(place, "out.\(suffix)") else { return false }
      let attributes = try FileManager.default.attributesOfItem(atPath: place.path + "/" + name)
      return (attributes[.size] as? Int ?? 0) > 200_000
    }
    running.send(SIGKILL)
    let outcome = try running.wait()
    #expect(outcome.status == -SIGKILL)
    #expect(!place.exists("out.\(suffix)"))
    let name = try #require(try partial(place, "out.\(suffix)"))
    var input = InputOptions()
    input.keepsAudio = true
    let reader = try VideoReader(place.path + "/" + name, options: input)
    var (frames, sound) = (0, 0)
    while try reader.next() != nil {
      frames += 1
      sound += reader.takeAudioPackets().count
    }
    #expect(frames >= 50 && sound >= 80, "\(frames) frames, \(sound) packets of sound")
  }

  @Test("a video that was stopped is whole, with one index before its data")
  func stopped() throws {
    let place = try Workplace()
    let made = try Program.shell(
      "ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=300 -c:v libx264 -preset ultrafast "
        + "in.mp4", in: place.path)
    try #require(made.status == 0, "\(made.errors)")
    let running = try Running(
      Program.path,
      ["in.mp4", "--model", TinyModel.detector, "--video", "out.mp4", "--jsonl", "-"]
        + ["--progress", "none"], in: place.path)
    // A run that is stopped before its first frame writes no video.
    try running.waitUntil { try running.output().contains(#""type":"frame""#) }
    running.send(SIGTERM)
    #expect(try running.wait().status == 143)
    let bytes = try Data(contentsOf: URL(filePath: place.path + "/out.mp4"))
    let index = try #require(bytes.range(of: Data("moov".utf8)))
    let data = try #require(bytes.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < data.lowerBound && bytes.range(of: Data("moof".utf8)) == nil)
    #expect(try partial(place, "out.mp4") == nil)
  }
}
