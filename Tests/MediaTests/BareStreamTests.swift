import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// Streams without a container, in which nothing tells how many frames there were.
@Suite("Bare streams", .requires(.ffmpegPrograms))
struct BareStreamTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func clip(_ name: String, _ options: [String]) throws -> Data {
    _ = try runProgram(
      "ffmpeg",
      ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=4", "-threads", "1"]
        + options + [folder(name)])
    return try Data(contentsOf: URL(filePath: folder(name)))
  }

  private func missing(_ bytes: Data, _ name: String) throws -> (Shortfall?, frames: Int) {
    try bytes.write(to: URL(filePath: folder(name)))
    let reader = try VideoReader(folder(name))
    var frames = 0
    while try reader.next() != nil { frames += 1 }
    return (reader.missingPart, frames)
  }

  private static let streams: [(name: String, options: [String])] = [
    ("a.mjpeg", ["-c:v", "mjpeg"]), ("a.m2v", ["-c:v", "mpeg2video", "-g", "12"]),
    ("a.m1v", ["-c:v", "mpeg1video", "-g", "12"]), ("a.h263", ["-c:v", "h263", "-s", "176x144"]),
    ("a.h261", ["-c:v", "h261", "-s", "176x144"]),
    ("a.m4v", ["-c:v", "mpeg4", "-g", "25", "-f", "m4v"]),
    ("a.h264", ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"]),
    ("a.hevc", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]),
  ]

  @Test("a whole stream is complete", arguments: streams.indices)
  func whole(index: Int) throws {
    let stream = Self.streams[index]
    let (missing, frames) = try missing(clip(stream.name, stream.options), stream.name)
    #expect(missing == nil && frames >= 99, "\(stream.name) \(frames): \(missing as Any)")
  }

  @Test(
    "a damaged frame between others may hide lost ones, which is a gap",
    arguments: ["a.m2v", "a.m1v", "a.m4v", "a.h264", "a.h263", "a.h261", "a.mjpeg"], [0, 1])
  func spliced(name: String, isOverwritten: Int) throws {
    let stream = try #require(Self.streams.first { $0.name == name })
    var bytes = try clip(name, stream.options)
    let range = bytes.count * 2 / 5..<bytes.count * 2 / 5 + bytes.count / 7
    var random = SplitMix64(seed: 3)
    let other = range.map { _ in UInt8.random(in: 1...254, using: &random) }
    bytes.replaceSubrange(range, with: isOverwritten == 1 ? Data(other) : Data())
    let (missing, frames) = try missing(bytes, "spliced-" + name)
    #expect(missing?.kind == .gaps && frames < 99, "\(frames): \(missing as Any)")
  }

  @Test("a stream of AV1 units ends where one makes no sense, or isn't whole")
  func units() throws {
    func unit(_ type: UInt8, _ size: Int) -> [UInt8] {
      [type << 3 | 2, UInt8(size & 0x7F | 0x80), UInt8(size >> 7)]
        + [UInt8](repeating: 9, count: size)
    }
    func shortfall(_ bytes: [UInt8]) throws -> String? {
      let path = folder(UUID().uuidString)
      try Data(bytes).write(to: URL(filePath: path))
      return try ContainerExtent.shortfall(ofFile: path)
    }
    let whole = [0x12, 0x00] + unit(1, 11) + unit(6, 300) + [0x12, 0x00] + unit(6, 200)
    #expect(try shortfall(whole) == nil)
    #expect(try shortfall(Array(whole.dropLast())) == "it ends in the middle of a frame")
    #expect(try shortfall(whole + [0x32]) == "it ends in the middle of a frame")
    let damaged = Array(whole[..<100] + whole[150...])
    #expect(try shortfall(damaged)?.contains("is damaged, so what follows") == true)
  }

  @Test("H.264 that says that frames may be left out has no gap where some are")
  func thinned() throws {
    let options = ["-c:v", "libx264", "-bf", "3", "-refs", "4", "-g", "50", "-pix_fmt", "yuv420p"]
    let more = ["-x264-params", "b-pyramid=strict:open-gop=0:scenecut=0:b-adapt=0:weightp=0"]
    let units = try Self.units(clip("t.h264", options + more))
    // All pictures that only B pictures refer to, and those that none refers to.
    let kept = units.filter { unit in
      guard let header = unit.first, [1, 5].contains(header & 0x1F) else { return true }
      return header & 0x1F == 5 || Self.sliceType(unit) % 5 != 1
    }
    #expect(kept.count < units.count * 2 / 3)
    let declared = Self.joined(kept.map { $0[0] & 0x1F == 7 ? Self.allowingGaps($0) : $0 })
    #expect(try missing(declared, "declared.h264").0 == nil)
    #expect(try missing(Self.joined(kept), "lost.h264").0 != nil)
  }

  private static func units(_ stream: Data) -> [[UInt8]] {
    let bytes = [UInt8](stream)
    let starts = bytes.indices.dropLast(2).filter {
      bytes[$0] == 0 && bytes[$0 + 1] == 0 && bytes[$0 + 2] == 1
    }
    return starts.enumerated().map { number, start in
      let end = number + 1 < starts.count ? starts[number + 1] : bytes.count
      var unit = bytes[(start + 3)..<end]
      while unit.last == 0 { unit.removeLast() }
      return Array(unit)
    }
  }

  private static func joined(_ units: [[UInt8]]) -> Data {
    units.reduce(into: Data()) { $0 += [0, 0, 0, 1] + $1 }
  }

  /// The bits of a unit behind its header, and a number in Exp-Golomb code from `place` on.
  private static func bits(_ unit: [UInt8]) -> [UInt8] {
    unit.dropFirst().flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
  }

  private static func code(_ bits: [UInt8], _ place: inout Int) -> Int {
    let zeros = bits[place...].prefix { $0 == 0 }.count
    let digits = bits[(place + zeros)...].prefix(zeros + 1)
    place += 2 * zeros + 1
    return digits.reduce(0) { $0 << 1 | Int($1) } - 1
  }

  private static func sliceType(_ unit: [UInt8]) -> Int {
    let bits = bits(Array(unit.prefix(16)))
    var place = 0
    _ = code(bits, &place)
    return code(bits, &place)
  }

  /// The sequence parameters of x264's High profile with the flag for gaps set.
  private static func allowingGaps(_ unit: [UInt8]) -> [UInt8] {
    let bits = bits(unit)
    var place = 24
    // Number, chroma format, two depths; two flags; then four numbers up to the flag.
    for _ in 0..<4 { _ = code(bits, &place) }
    place += 2
    _ = code(bits, &place)
    if code(bits, &place) == 0 { _ = code(bits, &place) }
    _ = code(bits, &place)
    var changed = unit
    changed[1 + place / 8] |= 0x80 >> UInt8(place % 8)
    return changed
  }
}
