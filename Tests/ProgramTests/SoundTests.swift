import Foundation
import TestSupport
import Testing

/// Sound between pictures that are few, or left out.
@Suite("Sound of few pictures", .serialized, .requires(.ffmpegPrograms))
struct SoundTests {
  /// The number of audio packets of a file, and the time of the last.
  private func sound(_ name: String, in place: Workplace) throws -> (count: Int, end: Double) {
    let probed = try Program.shell(
      "ffprobe -v error -select_streams a:0 -show_entries packet=pts_time -of csv=p=0 \(name)",
      in: place.path)
    let times = probed.output.split(separator: "\n").compactMap { line in
      Double(line.prefix { $0 != "," })
    }
    return (times.count, times.max() ?? 0)
  }

  private func render(_ arguments: String, to name: String, in place: Workplace) throws {
    let made = try Program.shell("ffmpeg -v error -f lavfi \(arguments) \(name)", in: place.path)
    try #require(made.status == 0, "\(made.errors)")
  }

  @Test("a picture over ten minutes of sound has all of it", arguments: ["mp4", "mkv"])
  func stillPicture(suffix: String) throws {
    let place = try Workplace()
    // Copied, so that the picture comes before the sound: an encoder would give it at the end.
    try render("-i testsrc2=s=160x120 -frames:v 1 -c:v libx264", to: "picture.mkv", in: place)
    // Of PCM 110 MB, more than may wait for a picture.
    let sound = suffix == "mp4" ? "aac" : "pcm_s16le -ar 48000 -ac 2"
    try render(
      "-i sine=d=600 -i picture.mkv -c:v copy -c:a \(sound)", to: "in.\(suffix)", in: place)
    let all = try self.sound("in.\(suffix)", in: place)
    #expect(all.end > 599)
    for output in ["out.mp4", "out.mkv"] {
      let outcome = try place.detect("in.\(suffix)", "--video", output)
      #expect(outcome.status == 0, "\(outcome.errors)")
      guard suffix == "mp4" || output == "out.mkv" else { continue }
      let copied = try self.sound(output, in: place)
      #expect(copied.count == all.count && abs(copied.end - all.end) < 0.1, "\(copied)")
    }
  }

  @Test("a few of many frames have all of the sound, and a later start what belongs to it")
  func leftOut() throws {
    let place = try Workplace()
    try render(
      "-i testsrc2=s=64x48:r=25:d=60 -f lavfi -i sine=d=60 -c:v libx264 -preset ultrafast "
        + "-c:a aac", to: "in.mp4", in: place)
    let all = try sound("in.mp4", in: place)
    _ = try place.detect("in.mp4", "--video", "few.mkv", "--stride", "700")
    let few = try sound("few.mkv", in: place)
    #expect(few.count == all.count && abs(few.end - all.end) < 0.1)
    _ = try place.detect("in.mp4", "--video", "late.mkv", "--start", "50")
    let late = try sound("late.mkv", in: place)
    #expect(abs(late.end - 10) < 0.3, "\(late)")
    #expect(abs(Double(late.count) - Double(all.count) / 6) < 12, "\(late) of \(all)")
  }
}
