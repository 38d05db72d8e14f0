import Foundation
import Logging
import Support
import TestSupport
import Testing

@testable import Media
@testable import Recording

@Suite("Packets of a live source", .requires(.ffmpegPrograms), .timeLimit(.minutes(10)))
struct TapTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Keeps what it gets.
  private final class Keeper: PacketConsumer {
    let packets = Locked<[TappedPacket]>([])
    func take(_ packet: TappedPacket) { packets.withLock { $0.append(packet) } }
  }

  private func options() -> InputOptions {
    var options = InputOptions()
    options.isLive = true
    (options.openTimeout, options.readTimeout) = (longWait, longWait)
    return options
  }

  private func server(_ source: String) throws -> StreamServer {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: source)))
    let half = bytes.count / 2 / 188 * 188
    return try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
      exchange.send(Array(bytes[..<half]))
      // All of the first burst is decoded, however late.
      usleep(600_000)
      exchange.send(Array(bytes[half...]))
    }
  }

  @Test("a recorder gets all packets, whatever the decoder leaves out", arguments: [true, false])
  func besideDecoder(decodesSound: Bool) throws {
    let source = try renderCamera(
      "a.ts", in: folder, seconds: 8,
      ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"], sound: ["-c:a", "aac"])
    let server = try server(source)
    let keeper = Keeper()
    var options = options()
    options.consumer = keeper
    options.keepsAudio = decodesSound
    let reader = try VideoReader(server.url("/a.ts"), options: options)
    // Nothing is decoded until all has come.
    let isThere = waitUntil { keeper.packets.withLock { $0.count { $0.isVideo } } >= 200 }
    #expect(isThere)
    // Longer than packets wait for a decoder.
    usleep(1_200_000)
    while (try? reader.next()) != nil {}
    #expect(reader.leftOutFrames > 0)
    let packets = keeper.packets.withLock { $0 }
    #expect(packets.count { $0.isVideo } == 200)
    let sound = packets.count { !$0.isVideo }
    // Of 1024 samples each.
    #expect(sound >= 8 * 8000 / 1024)
    let store = try RecordingStore(folder.path + "/recordings")
    _ = try record(packets, in: store)
    let file = try #require(try store.files().first)
    #expect(try sums(file, decoded: true).map(\.hash) == sums(source, decoded: true).map(\.hash))
  }

  @Test("pictures without time stamps get those of their arrival")
  func pictures() throws {
    let jpeg = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64", "-frames:v", "1", "-f", "mjpeg",
        "-",
      ])
    let server = try StreamServer { exchange in
      guard exchange.beginPictures() else { return }
      for _ in 0..<12 {
        guard exchange.sendPicture(jpeg) else { return }
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
    let reader = try PacketReader(server.url("/a"), options: options())
    var packets: [TappedPacket] = []
    while let packet = try? reader.next() { packets.append(packet) }
    #expect(packets.count == 12 && packets.allSatisfy(\.isKeyframe))
    let passed = try #require(packets.last).time - #require(packets.first).time
    // At 25 a second it would be 0.44.
    #expect(passed > 0.6)
    for (packet, next) in zip(packets, packets.dropFirst()) {
      #expect(next.time > packet.time)
      #expect(abs(next.arrival - packet.arrival - (next.time - packet.time)) < 0.001)
    }
  }

  @Test("an event's clip begins with a keyframe, five seconds before it or a group more")
  func preRoll() throws {
    let source = try renderCamera("a.mp4", in: folder, seconds: 30, sound: ["-c:a", "aac"])
    let start = Date(timeIntervalSince1970: 1_700_000_000)
    let packets = try packets(of: source, from: start)
    let store = try RecordingStore(folder.path + "/recordings")
    let logger = Logger(label: "test")
    let recorder = Recorder(
      "door", patient(.onDemand), into: try StoredSegments("door", in: store, logger: logger),
      logger: logger)
    let zero = try #require(packets.first).arrival - #require(packets.first).time
    for packet in packets {
      // It is noticed a second after it has happened.
      if packet.isVideo, abs(packet.time - 16) < 0.01 {
        recorder.begin(7, at: zero + 15, preRoll: 5)
      }
      if packet.isVideo, abs(packet.time - 20) < 0.01 {
        recorder.end(7, at: zero + 20, postRoll: 2)
      }
      recorder.take(packet)
    }
    #expect(recorder.stop(within: longWait))
    let clip = try store.cut(
      "door", from: start + 10, to: start + 22, path: "\(folder.path)/clip.mp4")
    let early = (start + 15).timeIntervalSince(clip.start)
    #expect(early >= 4.9 && early <= 7.1)
    let all = try sums(source).map(\.hash)
    let found = try sums(clip.path).map(\.hash)
    let first = try #require(all.firstIndex(of: found[0]))
    #expect(first % 50 == 0)
    #expect(found == Array(all[first...].prefix(found.count)))
    #expect(clip.gaps.isEmpty && first + found.count >= 22 * 25 - 1)
  }

  #if os(Linux)
  @Test(
    "a full disk: recording goes on when there is room, and no file is damaged", .requires(.mount))
  func fullDisk() throws {
    let source = try renderCamera("a.mp4", in: folder, seconds: 60, size: "320x240")
    let disk = try SmallDisk(bytes: 3 << 20)
    var limits = RecordingStore.Limits()
    limits.minFree = 0
    // What is free isn't known, as with quotas.
    let store = try RecordingStore(
      disk.path + "/recordings", limits, logger: Logger(label: "test")
    ) { _ in .max }
    let filler = disk.path + "/filler"
    try Data(count: (3 << 20) - (256 << 10)).write(to: URL(filePath: filler))
    let logger = Logger(label: "test")
    var options: Recorder<TappedPacket>.Options = patient(.continuous)
    options.retryDelay = 0
    let recorder = Recorder(
      "door", options, into: try StoredSegments("door", in: store, logger: logger), logger: logger)
    let packets = try packets(of: source)
    let half = packets.count / 2
    for packet in packets[..<half] { recorder.take(packet) }
    #expect(recorder.flush(within: longWait))
    #expect(recorder.counts.isPaused && recorder.counts.segments > 0)
    try FileManager.default.removeItem(atPath: filler)
    for packet in packets[half...] { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    let all = try sums(source).map(\.hash)
    let found = try store.files().map { try sums($0).map(\.hash) }
    #expect(found.count > 1)
    for part in found {
      let first = try #require(all.firstIndex(of: part[0]))
      let isEqual = part == Array(all[first...].prefix(part.count))
      #expect(isEqual)
    }
    #expect(recorder.counts.leftOut > 0)
  }
  #endif
}
