import Foundation
import Logging
import TestSupport
import Testing

@testable import Media
@testable import Recording

@Suite("Segments", .requires(.ffmpegPrograms), .timeLimit(.minutes(10)))
struct SegmentTests {
  private let folder: TemporaryFolder
  private let store: RecordingStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RecordingStore(folder.path + "/recordings")
  }

  @Test("the packets are those of the source, each once, with their times")
  func equalPackets() throws {
    let source = try renderCamera(
      "a.mp4", in: folder, seconds: 32, sound: ["-c:a", "aac"])
    let packets = try packets(of: source)
    let counts = try record(packets, in: store)
    let files = try store.files()
    #expect(files.count == 4 && counts.segments == 4 && counts.leftOut == 0)
    #expect(files.first == "\(store.root)/door/2023-11-14/22/13-19.920.mp4")
    for (stream, isVideo) in [("v", true), ("a", false)] {
      let wanted = try sums(source, stream: stream)
      let parts = try files.map { try sums($0, stream: stream) }
      let found = parts.flatMap { $0 }
      #expect(found.map(\.hash) == wanted.map(\.hash), "\(stream)")
      guard isVideo else { continue }
      #expect(found.map(\.duration) == wanted.map(\.duration))
      #expect(found.map { $0.pts - $0.dts } == wanted.map { $0.pts - $0.dts })
      for part in parts { #expect(part.first?.pts == 0) }
    }
    let summary = try record(packets, "other", in: store)
    #expect(summary.written == 800)
  }

  @Test(
    "each codec that cameras have is decoded as from the source",
    arguments: [
      ["h264.ts", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"],
      ["hevc.ts", "-c:v", "libx265", "-x265-params", "log-level=error:keyint=25"],
      ["mjpeg.avi", "-c:v", "mjpeg"],
      ["av1.mkv", "-c:v", "libaom-av1", "-cpu-used", "8", "-g", "25"],
      ["mpeg4.ts", "-c:v", "mpeg4", "-g", "25"],
    ])
  func codecs(options: [String]) throws {
    let source = try renderCamera(
      options[0], in: folder, seconds: 3, size: "96x64", Array(options.dropFirst()))
    _ = try record(packets(of: source), in: store)
    let file = try #require(try store.files().first)
    let found = try sums(file, decoded: true).map(\.hash)
    #expect(found.count == 75)
    #expect(found == (try sums(source, decoded: true).map(\.hash)))
  }

  @Test("video of another size goes into another segment")
  func changedSize() throws {
    var bytes = Data()
    for (index, size) in ["96x64", "160x120"].enumerated() {
      let part = try renderCamera("\(index).ts", in: folder, seconds: 3, size: size)
      bytes += try Data(contentsOf: URL(filePath: part))
    }
    let source = try folder.add("joined.ts", bytes)
    _ = try record(packets(of: source), in: store)
    let files = try store.files()
    #expect(files.count == 2)
    let frames = try files.map { try sums($0, decoded: true).count }
    #expect(frames == [75, 75])
    let sizes = try files.map { try PacketReader($0).info.width }
    #expect(sizes == [96, 160])
  }

  @Test("sound that MP4 can't hold is left out, and the pictures are recorded")
  func telephoneSound() throws {
    let source = try renderCamera(
      "g711.mkv", in: folder, seconds: 3, sound: ["-c:a", "pcm_mulaw"])
    let packets = try packets(of: source)
    #expect(packets.contains { !$0.isVideo })
    _ = try record(packets, in: store)
    let file = try #require(try store.files().first)
    #expect(try sums(file).count == 75)
    #expect(try PacketReader(file).streams.audio == nil)
  }

  @Test("time stamps that jump or are missing make no hole, and no packet is lost")
  func brokenClock() throws {
    let source = try renderCamera(
      "b.ts", in: folder, seconds: 4,
      ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "25"])
    let all = try packets(of: source)
    let first = try #require(all.first)
    // Written as they come: the tap repairs them before.
    let clip = Data(try Data(contentsOf: URL(filePath: source)))
    let twice = try folder.add("twice.ts", clip + clip)
    let repaired = try packets(of: twice)
    #expect(repaired.count == 2 * all.count)
    for (packet, next) in zip(repaired, repaired.dropFirst()) {
      #expect(next.time > packet.time && next.time - packet.time < 0.1)
    }
    #expect(repaired.first?.time == first.time)
    let counts = try record(repaired, in: store)
    #expect(counts.written == 200 && counts.leftOut == 0)
  }

  @Test("a segment can be read while it is written")
  func flushed() throws {
    let source = try renderCamera("c.mp4", in: folder, seconds: 5, sound: ["-c:a", "aac"])
    let logger = Logger(label: "test")
    let recorder = Recorder(
      "door", patient(.continuous), into: try StoredSegments("door", in: store, logger: logger),
      logger: logger)
    let packets = try packets(of: source)
    for packet in packets.prefix(packets.count / 2) { recorder.take(packet) }
    #expect(recorder.flush(within: longWait))
    let file = try #require(try store.files().first)
    let wanted = packets.prefix(packets.count / 2).count { $0.isVideo }
    let found = try sums(file).count
    #expect(found >= wanted - 1 && found <= wanted)
    for packet in packets.dropFirst(packets.count / 2) { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    #expect(try sums(file).map(\.hash) == sums(source).map(\.hash))
  }

  @Test(
    "what a kill loses is less than a group of pictures",
    arguments: [130, 257, 399, 611])
  func killed(taken: Int) async throws {
    let source = try renderCamera("k.mp4", in: folder, seconds: 28)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [source = source as String, taken = taken as Int, root = store.root as String] in
      let store = try RecordingStore(root)
      let logger = Logger(label: "test")
      let recorder = Recorder(
        "door", patient(.continuous), into: try StoredSegments("door", in: store, logger: logger),
        logger: logger)
      for packet in try packets(of: source).prefix(taken) { recorder.take(packet) }
      while recorder.counts.written < taken { usleep(1000) }
      kill(getpid(), SIGKILL)
      pause()
    }
    // The next run finds all that can be played.
    let next = try RecordingStore(store.root)
    let files = try next.files()
    let bytes = try files.reduce(0) { try $0 + Data(contentsOf: URL(filePath: $1)).count }
    #expect(next.byteCount == bytes)
    let found = try files.flatMap { try sums($0).map(\.hash) }
    #expect(found == Array(try sums(source).map(\.hash).prefix(found.count)))
    #expect(found.count > taken - 50, "\(taken - found.count) are lost")
  }
}
