import CFFmpeg
import Foundation
import TestSupport
import Testing

@testable import Media

/// Takes frames in a range of time, one in each interval.
struct TestChooser: FrameChooser {
  var start = 0.0
  var interval = 0.0
  var stop = Double.infinity
  var limit = Int.max
  private var due = -Double.infinity

  init(start: Double = 0, interval: Double = 0, stop: Double = .infinity, limit: Int = .max) {
    (self.start, self.interval, self.stop, self.limit) = (start, interval, stop, limit)
  }

  mutating func choose(t: Double) -> FrameChoice {
    guard limit > 0, t < stop else { return .end }
    guard t >= start, t >= due else { return .skip }
    due = t + interval
    limit -= 1
    return .take
  }

  var earliest: Double { max(start, due) }
}

@Suite("Frames that are chosen", .requires(.media), .timeLimit(.minutes(20)))
struct ChosenFramesTests {
  private func frames(_ path: String) throws -> [VideoFrame] {
    let reader = try VideoReader(path)
    var frames: [VideoFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    #expect(reader.missingPart == nil)
    return frames
  }

  private func isSame(_ a: VideoFrame, _ b: VideoFrame) -> Bool {
    let isSamePicture = unsafe sd_same_picture(a.raw, b.raw) == 1
    return isSamePicture && a.index == b.index && a.pts == b.pts && a.t == b.t
      && a.duration == b.duration
      && a.isKeyframe == b.isKeyframe && a.isCorrupt == b.isCorrupt && a.rotation == b.rotation
  }

  @Test("frames are those of decoding everything, and less is decoded", arguments: SeekClip.all)
  func same(clip: SeekClip) throws {
    let folder = try TemporaryFolder()
    let path = try clip.make(in: folder)
    let all = try frames(path)
    let last = try #require(all.last).t
    var choosers = [0.7, 0.96, 1, 1.04, 2.5, 3.02, 4.96, last, last + 1].map {
      TestChooser(start: $0, limit: 3)
    }
    choosers += [
      TestChooser(start: 4), TestChooser(start: 1.5, stop: 1.7), TestChooser(interval: 1.9),
      TestChooser(interval: 0.11), TestChooser(start: 2, interval: 0.5, stop: 5, limit: 4),
    ]
    var planned = 0
    var jumps = 0
    var failures: [String] = []
    for chooser in choosers {
      var expected: [VideoFrame] = []
      var plain: any FrameChooser = chooser
      var count = 0
      var hasEnded = false
      for frame in all where !hasEnded {
        count += 1
        switch plain.choose(t: frame.t) {
        case .take: expected.append(frame)
        case .skip: break
        case .end: hasEnded = true
        }
      }
      let chosen = ChosenFrames(try VideoReader(path), chooser: chooser) {
        () throws(MediaError) in try VideoReader(path)
      }
      var found: [VideoFrame] = []
      while let frame = try chosen.next() { found.append(frame) }
      #expect(
        found.count == expected.count && zip(found, expected).allSatisfy(isSame),
        "\(chooser): \(found.map(\.index)), not \(expected.map(\.index))")
      #expect(chosen.hasEnded == hasEnded && chosen.frameCount == count, "\(chooser)")
      #expect(chosen.current.missingPart == nil, "\(chooser)")
      #expect(chosen.current.failedFrames == 0)
      if let packets = chosen.plannedPackets {
        planned += 1
        if clip.savings == .some, chooser.start >= 3, chooser.limit < .max, chooser.start < last {
          #expect(packets < all.count / 2, "\(chooser): \(packets)")
        }
      }
      jumps += chosen.jumps
      if let failure = chosen.failure { failures.append(failure) }
    }
    if clip.savings != .maybe {
      #expect(planned == (clip.savings == .some ? choosers.count : 0), "\(failures)")
    }
    // Packets aren't even read where an index of all samples tells what they are.
    if clip.hasIndex { #expect(jumps > 0) }
  }

  @Test("pieces of a file that are cut anywhere are together the whole", arguments: [0.4, 1, 1.73])
  func pieces(seconds: Double) throws {
    let folder = try TemporaryFolder()
    let path = try SeekClip.inTransportStream.make(in: folder)
    let all = try frames(path)
    var found: [VideoFrame] = []
    for piece in 0..<Int((6 / seconds).rounded(.up)) {
      let chooser = TestChooser(
        start: Double(piece) * seconds, stop: Double(piece + 1) * seconds)
      let chosen = ChosenFrames(try VideoReader(path), chooser: chooser) {
        () throws(MediaError) in try VideoReader(path)
      }
      while let frame = try chosen.next() { found.append(frame) }
    }
    #expect(found.count == all.count && zip(found, all).allSatisfy(isSame))
  }

  /// A way to spoil a file.
  enum Damage: String, CaseIterable { case cut, zeros, noise }

  @Test(
    "a damaged file gives the frames and the status of decoding everything",
    arguments: Damage.allCases)
  func damage(kind: Damage) throws {
    let folder = try TemporaryFolder()
    let path = try SeekClip.inTransportStream.make(in: folder)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let middle = bytes.count / 2 / 188 * 188
    switch kind {
    case .cut: bytes.removeLast(bytes.count / 7)
    case .zeros: for place in middle..<(middle + 3 * 188) { bytes[place] = 0 }
    case .noise: for place in (middle + 60)..<(middle + 90) { bytes[place] ^= 0x5A }
    }
    try Data(bytes).write(to: URL(filePath: path))
    // With several threads, decoding everything twice conceals the same damage differently.
    var single = InputOptions()
    single.decoderThreads = 1
    let options = single
    let reader = try VideoReader(path, options: options)
    var all: [VideoFrame] = []
    while let frame = try reader.next() { all.append(frame) }
    // The middle and the end are decoded.
    for start in [2.5, 3] {
      let chosen = ChosenFrames(
        try VideoReader(path, options: options), chooser: TestChooser(start: start)
      ) { () throws(MediaError) in try VideoReader(path, options: options) }
      var found: [VideoFrame] = []
      while let frame = try chosen.next() { found.append(frame) }
      let expected = all.filter { $0.t >= start }
      #expect(found.count == expected.count && zip(found, expected).allSatisfy(isSame))
      #expect(chosen.current.missingPart == reader.missingPart)
      #expect(chosen.current.failedFrames == reader.failedFrames)
    }
  }
}
