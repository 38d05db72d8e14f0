import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite("Fast reading of frames")
struct FrameScannerTests {
  private func decoded(_ line: [UInt8]) throws -> FrameRecord {
    try JSONDecoder().decode(FrameRecord.self, from: Data(line))
  }

  @Test("what is written is read without the decoder, and the same")
  func same() throws {
    var fast = 0
    for seed in 0..<500 {
      var random = RandomRecords(seed: UInt64(seed))
      guard case .frame(var record) = random.record(.frame) else { continue }
      if seed.isMultiple(of: 2) {
        // Names with escapes and other letters are left to the decoder.
        record.source = "clip \(seed).mp4"
        record.pts = record.pts.map { $0 % 1_000_000 }
        for place in record.objects.indices {
          record.objects[place].label = "traffic light"
          record.objects[place].zones = record.objects[place].zones.isEmpty ? [] : ["door"]
        }
      }
      let line = record.line()
      guard let frame = FrameScanner.frame(line) else { continue }
      fast += 1
      #expect(try frame == decoded(line))
    }
    #expect(fast > 100, "\(fast)")
  }

  @Test("a line as detect writes it needs no decoder")
  func usual() throws {
    let line =
      #"{"type":"frame","source":"a b.mp4","frame":7,"pts":-3,"t":0.28,"width":64,"height":48,"#
      + #""flags":["corrupt","new"],"objects":[{"label":"traffic light","class_id":10,"#
      + #""confidence":0.9985,"bbox":[0.0,1.5,20.1,3.0],"track_id":4,"predicted":true,"#
      + #""zones":["door"]},{"label":"cat","confidence":1.0,"bbox":[1,2,3,4]}]}"#
    let frame = try #require(FrameScanner.frame(Array(line.utf8)))
    #expect(try frame == decoded(Array(line.utf8)))
    #expect(frame.objects[0].trackID == 4 && frame.otherFlags == ["new"] && frame.isCorrupt)
    let live =
      #"{"type":"frame","source":"a","frame":0,"pts":null,"t":0.0,"#
      + #""wall":"2026-11-29T12:00:00.000Z","lag":0.2,"width":64,"height":48,"objects":[]}"#
    #expect(try FrameScanner.frame(Array(live.utf8)) == decoded(Array(live.utf8)))
  }

  @Test("nothing is read that the decoder refuses, or reads differently")
  func mutations() throws {
    let texts = [
      #"{"type":"frame","source":"a","frame":7,"pts":12,"t":0.28,"width":64,"height":48,"#
        + #""objects":[{"label":"cat","class_id":2,"confidence":0.5,"bbox":[1.5,2.0,3.0,4.0]}]}"#,
      #"{"type":"frame","source":"a","objects":[]}"#,
    ]
    let pieces = [
      "", "0", "-", ".", "e5", "\"", "\\", ",", "[", "]", "{", "}", ":", " ", "null", "true", "é",
      "99999999999999999999", "-0", "01", "1.", ".5", "\u{1}", "\"x\":1,", "\"frame\":7,",
    ].map { Array($0.utf8) }
    var random = SplitMix64(seed: 5)
    var read = 0
    for _ in 0..<30_000 {
      var line = Array(texts[Int.random(in: 0..<2, using: &random)].utf8)
      for _ in 0...Int.random(in: 0...1, using: &random) {
        let start = Int.random(in: 0...line.count, using: &random)
        let end = min(start + Int.random(in: 0...3, using: &random), line.count)
        line.replaceSubrange(
          start..<end, with: pieces[Int.random(in: pieces.indices, using: &random)])
      }
      guard let frame = FrameScanner.frame(line) else { continue }
      read += 1
      let slow = try? decoded(line)
      #expect(frame == slow, "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(read > 500, "\(read)")
  }
}
