import CFFmpeg
import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

/// What becomes of audio that a container takes, takes in part, or doesn't take.
@Suite("Audio of a written video", .requires(.ffmpegPrograms))
struct OutputAudioTests {
  /// A second of pictures with a sound.
  private func source(_ name: String, _ codec: [String], in folder: ScratchFolder) throws -> String
  {
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-f", "lavfi", "-i"]
        + ["sine=d=1", "-c:v", "mpeg4", "-strict", "-2", "-c:a"] + codec + [folder(name)])
    return folder(name)
  }

  /// Copies pictures and sound, and returns how many frames and audio packets arrived.
  private func copy(
    _ source: String, to path: String, change: (Int, Packet) -> Void = { _, _ in }
  ) throws -> (frames: Int, audio: Int, packetsRead: Int) {
    var input = InputOptions()
    input.keepsAudio = true
    let reader = try VideoReader(source, options: input)
    let writer = try VideoWriter(
      path,
      options: VideoWriterOptions(
        timeBase: reader.info.timeBase, frameRate: reader.info.averageFrameRate,
        audio: reader.audio))
    let converter = PictureConverter()
    var count = 0
    func send() throws {
      for packet in reader.takeAudioPackets() {
        change(count, packet)
        count += 1
        try writer.write(audio: packet)
      }
    }
    while let frame = try reader.next() {
      try send()
      try writer.write(
        Picture(frame, converter: converter), at: frame.presentationTime,
        conforming: PictureConform())
    }
    try send()
    try writer.finish()
    let audio = try probed(path, "packet=size", ["-select_streams", "a:0"]).count
    return (try frameTimes(path).count, audio, count)
  }

  @Test(
    "it is copied where the container has a place for it, and left out where not",
    arguments: [
      ("a.mkv", ["flac"], "out.mp4", true), ("a.mkv", ["flac"], "out.mov", false),
      ("a.mkv", ["truehd"], "out.mp4", true), ("a.mkv", ["truehd"], "out.mov", false),
      ("a.mkv", ["pcm_s16le", "-ar", "48000"], "out.flv", false),
      ("a.mkv", ["pcm_s16le", "-ar", "44100"], "out.flv", true),
      ("a.mkv", ["pcm_s16le"], "out.mov", true),
      ("a.nut", ["pcm_mulaw", "-ar", "8000"], "out.mkv", true),
      ("a.nut", ["pcm_alaw", "-ar", "8000"], "out.mkv", true),
      ("a.mkv", ["g726", "-ar", "8000", "-b:a", "32k"], "out.mkv", true),
      ("a.nut", ["pcm_mulaw", "-ar", "8000"], "out.mp4", false),
      ("a.nut", ["pcm_mulaw", "-ar", "8000"], "out.ts", false),
      ("a.mkv", ["libvorbis"], "out.flv", false), ("a.mkv", ["ac3"], "out.mp4", true),
      ("a.mkv", ["eac3"], "out.mp4", true), ("a.mkv", ["libopus"], "out.mp4", true),
    ])
  func containers(name: String, codec: [String], output: String, isKept: Bool) throws {
    let folder = try ScratchFolder()
    let source: String
    do { source = try self.source(name, codec, in: folder) } catch let error as ProgramFailure
      where error.message.contains("Unknown encoder")
    { return try Requirement.everyEncoder.checkInside() }
    let result = try copy(source, to: folder(output))
    #expect(result.frames == 10, "the video is whole")
    #expect(isKept ? result.audio > 0 : result.audio == 0, "\(codec[0]) in \(output): \(result)")
    #expect(folder.names.sorted() == [name, output].sorted())
  }

  @Test(
    "a packet whose header is damaged is left out, and the video goes on", arguments: [1, 3])
  func damagedHeaders(every: Int) throws {
    let folder = try ScratchFolder()
    let source = try self.source("a.ts", ["aac"], in: folder)
    for output in ["out.mp4", "out.mov", "out.mkv", "out.flv"] {
      let result = try copy(source, to: folder(output)) { index, packet in
        // No such sampling frequency (ISO/IEC 14496-3, 1.6.3.4).
        if index % every == 0 { unsafe packet.raw.pointee.data[2] |= 0x3C }
      }
      #expect(result.frames == 10)
      let damaged = (result.packetsRead + every - 1) / every
      #expect(result.audio == result.packetsRead - damaged, "\(output): \(result)")
    }
  }
}
