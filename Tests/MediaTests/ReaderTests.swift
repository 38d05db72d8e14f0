import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Reading", .requires(.media))
struct ReaderTests {
  /// What reading a clip should give: its frames, its displayed size and other properties.
  struct Expectation: CustomTestStringConvertible {
    var clip: String
    var frames: Int
    var width = 320
    var height = 240
    var rotation = 0
    var kind = SourceKind.file
    var isTruncated = false
    var testDescription: String { clip }
  }

  static let clips = [
    Expectation(clip: "plain.mp4", frames: 50),
    Expectation(clip: "faststart.mp4", frames: 50),
    Expectation(clip: "plain.mkv", frames: 50),
    Expectation(clip: "plain.ts", frames: 50),
    Expectation(clip: "plain.avi", frames: 50),
    Expectation(clip: "rotated-90.mp4", frames: 10, width: 96, height: 128, rotation: 90),
    Expectation(clip: "rotated-180.mp4", frames: 10, width: 128, height: 96, rotation: 180),
    Expectation(clip: "rotated-270.mp4", frames: 10, width: 96, height: 128, rotation: 270),
    Expectation(clip: "vfr.mkv", frames: 20),
    Expectation(clip: "odd.mkv", frames: 5, width: 321, height: 239),
    Expectation(clip: "odd.avi", frames: 5, width: 321, height: 239),
    Expectation(clip: "ten-bit.mkv", frames: 5),
    Expectation(clip: "jump-back.ts", frames: 50),
    Expectation(clip: "size-change.ts", frames: 20),
    Expectation(clip: "format-change.avi", frames: 10),
    Expectation(clip: "format-change.mjpeg", frames: 10),
    Expectation(clip: "animation.gif", frames: 3, width: 128, height: 96),
    Expectation(clip: "with:colon.mp4", frames: 10, width: 128, height: 96),
    Expectation(clip: "a/clip.mp4", frames: 10, width: 128, height: 96),
    Expectation(clip: "image.jpg", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "image.png", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "image.webp", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "image.bmp", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "image.tiff", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "gray.png", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "series-%03d*.jpg", frames: 1, width: 128, height: 96, kind: .image),
    Expectation(clip: "cut.mp4", frames: 28, isTruncated: true),
    Expectation(clip: "cut.mkv", frames: 28, isTruncated: true),
    Expectation(clip: "cut.avi", frames: 30, isTruncated: true),
    Expectation(clip: "cut.ts", frames: 30, isTruncated: true),
    Expectation(clip: "cut.jpg", frames: 1, kind: .image, isTruncated: true),
  ]

  @Test("each clip gives its frames, its size and its status", arguments: clips)
  func clip(expected: Expectation) throws {
    let reading = try Reading(media(expected.clip))
    // How much of a cut clip still decodes depends on the encoder that made it.
    if expected.isTruncated {
      #expect((1...expected.frames + 2).contains(reading.frames.count))
    } else {
      #expect(reading.frames.count == expected.frames)
      #expect(reading.failed == 0)
    }
    #expect(reading.info.width == expected.width)
    #expect(reading.info.height == expected.height)
    #expect(reading.info.rotation == expected.rotation)
    #expect(reading.info.kind == expected.kind)
    #expect((reading.truncation != nil) == expected.isTruncated, "\(reading.truncation ?? "")")
    #expect(reading.frames.map(\.index) == Array(0..<reading.frames.count))
    #expect(reading.frames.first?.t == 0)
    #expect(zip(reading.frames, reading.frames.dropFirst()).allSatisfy { $0.t < $1.t })
    #expect(reading.frames.first?.width == expected.width)
  }

  @Test("each frame has its own resolution if it changes midway")
  func sizeChange() throws {
    let sizes = try Reading(media("size-change.ts")).frames.map(\.width)
    #expect(sizes == [Int](repeating: 320, count: 10) + [Int](repeating: 160, count: 10))
  }

  @Test("each frame has its own pixel format if it changes midway")
  func formatChange() throws {
    let formats = try Reading(media("format-change.avi")).frames.map(\.pixelFormat)
    #expect(formats == ["yuvj422p"] + [String](repeating: "yuvj420p", count: 9))
  }

  @Test("HDR, matrix and range are reported as tagged")
  func colorTags() throws {
    let info = try VideoReader(media("color-bt2020-tv.mkv")).info
    #expect(info.isHDR)
    #expect(info.colorSpace == "bt2020nc")
    #expect(info.transfer == "smpte2084")
    #expect(info.range == "tv")
    #expect(try VideoReader(media("color-bt709-pc.mkv")).info.range == "pc")
    #expect(try !VideoReader(media("plain.mp4")).info.isHDR)
  }

  @Test("keyframes alone can be decoded")
  func keyframes() throws {
    var options = InputOptions()
    options.keyframesOnly = true
    let frames = try Reading(media("plain.mp4"), options: options).frames
    #expect(frames.map(\.t) == [0, 1])
    #expect(frames.allSatisfy { $0.isKeyframe })
  }

  @Test("audio packets are kept in order if requested")
  func audio() throws {
    var options = InputOptions()
    options.keepsAudio = true
    let reader = try VideoReader(media("plain.mp4"), options: options)
    var packets: [Packet] = []
    while try reader.next() != nil { packets += reader.takeAudioPackets() }
    packets += reader.takeAudioPackets()
    #expect(reader.audio?.codec == "aac")
    #expect(reader.audio?.sampleRate == 48000)
    let times = packets.compactMap(\.pts)
    #expect(times.count > 90 && times == times.sorted())
    #expect(packets.allSatisfy { $0.byteCount > 0 })
    #expect(try VideoReader(media("plain.mp4")).audio == nil)
  }

  @Test(
    "the reference clips are complete to their last frame",
    .requires(.shared),
    arguments: [("vtest.avi", 795), ("car-detection.mp4", 377)])
  func referenceClips(name: String, count: Int) throws {
    let folder = try #require(sharedFolder)
    let reader = try VideoReader(folder.appending(path: "media/\(name)").path)
    var frames = 0
    while try reader.next() != nil { frames += 1 }
    #expect(frames == count)
    #expect(reader.failedFrames == 0)
    #expect(reader.repairedTimestamps == 0)
    #expect(reader.truncationReason == nil)
  }
}
