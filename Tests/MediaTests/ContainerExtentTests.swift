import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Container extent")
struct ContainerExtentTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func shortfall(_ bytes: [UInt8]) throws -> String? {
    let path = folder(UUID().uuidString)
    try Data(bytes).write(to: URL(filePath: path))
    return try ContainerExtent.shortfall(ofFile: path)
  }

  private func box(_ type: String, size: UInt32, content: Int) -> [UInt8] {
    withBigEndian(size) + Array(type.utf8) + [UInt8](repeating: 0, count: content)
  }

  private func withBigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  @Test("boxes that end with the file are complete, media that ends later is not")
  func isoBoxes() throws {
    let head = box("ftyp", size: 16, content: 8)
    #expect(try shortfall(head + box("mdat", size: 28, content: 20)) == nil)
    #expect(try shortfall(head + box("mdat", size: 0, content: 20)) == nil)
    #expect(try shortfall(head + box("mdat", size: 30, content: 20)) == "it ends 2 bytes early")
    #expect(try shortfall(head + box("junk", size: 30, content: 20)) == nil)
    #expect(try shortfall(head + box("mdat", size: 4, content: 20)) == nil)
    let long = box("mdat", size: 1, content: 0) + [UInt8](repeating: 0x7F, count: 8)
    #expect(try shortfall(head + long) != nil)
    let overflowing = box("mdat", size: 1, content: 0) + [UInt8](repeating: 0xFF, count: 8)
    #expect(try shortfall(head + overflowing) == nil)
  }

  @Test("RIFF sizes are checked, unknown ones are ignored")
  func riff() throws {
    func file(size: [UInt8], content: Int) -> [UInt8] {
      Array("RIFF".utf8) + size + [UInt8](repeating: 0, count: content)
    }
    #expect(try shortfall(file(size: [20, 0, 0, 0], content: 20)) == nil)
    #expect(try shortfall(file(size: [0, 1, 0, 0], content: 20)) == "it ends 236 bytes early")
    #expect(try shortfall(file(size: [0, 0, 0, 0], content: 20)) == nil)
    #expect(try shortfall(file(size: [255, 255, 255, 255], content: 20)) == nil)
  }

  @Test("a segment of unknown length counts as complete")
  func matroska() throws {
    let head: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x81, 0, 0x18, 0x53, 0x80, 0x67]
    let unknown: [UInt8] = [0x01, 255, 255, 255, 255, 255, 255, 255]
    #expect(try shortfall(head + unknown + [1, 2, 3]) == nil)
    #expect(try shortfall(head + [0x83, 1, 2, 3]) == nil)
    #expect(try shortfall(head + [0x84, 1, 2, 3]) == "it ends 1 bytes early")
    #expect(try shortfall(head + [0]) == nil)
  }

  @Test("a file that can't be read in time is neither complete nor cut off")
  func givenUp() throws {
    let path = folder("cut.bin")
    let bytes = box("ftyp", size: 16, content: 8) + box("mdat", size: 1600, content: 8)
    try Data(bytes).write(to: URL(filePath: path))
    #expect(try ContainerExtent.shortfall(ofFile: path) != nil)
    let interrupt = Interrupt(Cancellation())
    interrupt.stop()
    #expect(throws: FFmpegError.self) {
      try ContainerExtent.shortfall(ofFile: path, interrupt: interrupt)
    }
    #expect(try ContainerExtent.shortfall(ofFile: folder("moved.bin")) == nil)
  }

  @Test("every intact clip is complete", .requires(.media))
  func wholeClips() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: mediaFolder.get().path)
    for name in names where !name.hasPrefix("cut") {
      #expect(try ContainerExtent.shortfall(ofFile: media(name)) == nil, "\(name)")
    }
    #expect(names.contains("plain.mp4"))
  }

  @Test("a progressive picture needs all of its scans")
  func scans() throws {
    let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    func scan(_ first: UInt8, _ last: UInt8, _ bits: UInt8) -> [UInt8] {
      [0xFF, 0xDA, 0, 8, 1, 1, 0, first, last, bits, 0x12, 0xFF, 0, 0xFF, 0xD0, 0x34]
    }
    let coarse = [0xFF, 0xD8] + frame + scan(0, 0, 0x01) + scan(1, 63, 0x02)
    let end: [UInt8] = [0xFF, 0xD9]
    #expect(try shortfall(coarse + end) == "some of the picture's scans are missing")
    let finer = coarse + scan(0, 0, 0x10) + scan(1, 63, 0x21)
    #expect(try shortfall(finer + end) != nil)
    #expect(try shortfall(finer + scan(1, 63, 0x10) + end) == nil)
    let plain: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0] + frame[2...] + scan(0, 63, 0)
    #expect(try shortfall(plain + end) == nil)
  }

  @Test("random bytes after any signature neither trap nor hang")
  func randomBytes() throws {
    let starts: [[UInt8]] = [
      Array("RIFF".utf8), box("ftyp", size: 8, content: 0), [0x1A, 0x45, 0xDF, 0xA3],
      [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], [0x47],
    ]
    var random = SplitMix64(seed: 7)
    var short = 0
    for start in starts {
      for _ in 0..<200 {
        let tail = (0..<Int.random(in: 0...80, using: &random)).map { _ in
          Bool.random(using: &random) ? 0xFF : UInt8.random(in: 0...255, using: &random)
        }
        if try shortfall(start + tail) != nil { short += 1 }
      }
    }
    #expect(short > 0 && short < 1200, "\(short) of 1200 end early")
  }

  @Test("fill bytes are skipped as a block, and markers behind them are found")
  func fillBytes() throws {
    let fill = [UInt8](repeating: 0xFF, count: 5_000_000)
    let start = ContinuousClock.now
    let head: [UInt8] = [0xFF, 0xD8, 0xFF, 0xFE, 0, 2]
    let scan: [UInt8] = [0xDA, 0, 2, 1, 2, 3]
    #expect(try shortfall(head + fill + scan + [0xFF, 0xD9]) == nil)
    #expect(try shortfall(head + fill + scan) == "the end of the picture is missing")
    #expect(try shortfall(head + fill) == "the end of the picture is missing")
    #expect(ContinuousClock.now - start < .seconds(longWait))
  }

  @Test("a mark across two blocks is found, wherever it is")
  func blocks() throws {
    let head: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDA, 0, 2]
    for length in [0, 1, 511, 512, 513, 65_530, 65_535, 65_536, 65_537, 131_072, 200_000] {
      let content = [UInt8](repeating: 7, count: length)
      #expect(try shortfall(head + content + [0xFF, 0xD9]) == nil, "\(length)")
      #expect(try shortfall(head + content + [0xFF]) != nil, "\(length)")
    }
  }
}
