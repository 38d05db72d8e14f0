import Foundation
import TestSupport
import Testing

@testable import Media
@testable import Recording

@Suite("Clips", .requires(.ffmpegPrograms), .timeLimit(.minutes(10)))
struct ClipTests {
  private let folder: TemporaryFolder
  private let store: RecordingStore
  private let start = Date(timeIntervalSince1970: 1_700_000_000)

  init() throws {
    folder = try TemporaryFolder()
    store = try RecordingStore(folder.path + "/recordings")
  }

  private func cut(_ from: Double, _ to: Double) throws -> Clip {
    try store.cut(
      "door", from: start + from, to: start + to, path: "\(folder.path)/clip.mp4")
  }

  @Test(
    "a clip begins with a keyframe, and has every packet up to its end",
    arguments: [(3.0, 7.0), (7.9, 26.5), (0.0, 32.0), (11.99, 12.5), (20.0, 20.5)])
  func everyPacket(from: Double, to: Double) throws {
    let source = try renderCamera("a.mp4", in: folder, seconds: 32, sound: ["-c:a", "aac"])
    let packets = try packets(of: source, from: start)
    _ = try record(packets, in: store)
    let clip = try cut(from, to)
    let all = try sums(source)
    let found = try sums(clip.path)
    // Pictures are decoded 0.08 s before they are presented.
    let first = try #require(all.firstIndex { $0.hash == found.first?.hash })
    #expect(first % 50 == 0)
    let begin = Double(first) / 25
    #expect(begin <= from + 0.09 && begin > from - 2.1)
    #expect(found.map(\.hash) == Array(all[first...].map(\.hash).prefix(found.count)))
    #expect(abs(begin + Double(found.count) / 25 - min(to, 32)) < 0.2)
    // Times go on over the segments.
    for (one, next) in zip(found, found.dropFirst()) {
      #expect(next.dts - one.dts == all[1].dts - all[0].dts)
    }
    #expect(found.first?.pts == 0 && clip.gaps.isEmpty)
    #expect(abs(clip.start.timeIntervalSince(start) - begin) < 0.1)
    let sound = try sums(clip.path, stream: "a").map(\.hash)
    let allSound = try sums(source, stream: "a").map(\.hash)
    let place = try #require(allSound.firstIndex(of: sound[0]))
    #expect(sound == Array(allSound[place...].prefix(sound.count)))
    #expect(sound.count >= Int((to - begin) * 8000 / 1024) - 4)
    #expect(try sums(clip.path, decoded: true).count == found.count)
  }

  @Test("gaps are named, and passed over")
  func gaps() throws {
    let source = try renderCamera("a.mp4", in: folder, seconds: 8)
    _ = try record(packets(of: source, from: start), in: store)
    _ = try record(packets(of: source, from: start + 60), in: store)
    let clip = try cut(4, 66)
    #expect(abs(clip.seconds - 10.1) < 0.3)
    #expect(clip.gaps.count == 1)
    let gap = try #require(clip.gaps.first)
    #expect(abs(gap.from.timeIntervalSince(start) - 8) < 0.2)
    #expect(abs(gap.to.timeIntervalSince(start) - 60) < 0.2)
    let found = try sums(clip.path)
    for (one, next) in zip(found, found.dropFirst()) { #expect(next.dts - one.dts == 512) }
    #expect(try cut(-30, 4).gaps.count == 1)
    #expect(throws: RecordingError.self) { try cut(20, 30) }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/none.mp4"))
  }

  @Test("what doesn't fit into one video is named")
  func changedSize() throws {
    let large = try renderCamera("large.mp4", in: folder, seconds: 4)
    let small = try renderCamera("small.mp4", in: folder, seconds: 4, size: "96x64")
    _ = try record(packets(of: large, from: start), in: store)
    _ = try record(packets(of: small, from: start + 4), in: store)
    let clip = try cut(0, 8)
    #expect(try sums(clip.path).count == 100)
    #expect(clip.gaps.count == 1 && abs(clip.seconds - 4) < 0.1)
  }
}
