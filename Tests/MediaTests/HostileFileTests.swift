import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// Bytes that count how many of them are read.
private final class CountedBytes: ByteSource {
  private let content: [UInt8]
  private(set) var read = 0

  init(_ content: [UInt8]) { self.content = content }

  var size: Int { content.count }

  func bytes(at offset: Int, count: Int) -> [UInt8] {
    let found = content.bytes(at: offset, count: count)
    read += found.count
    return found
  }
}

@Suite("Files made to take long")
struct HostileFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A directory that gives the places of a million strips again and again.
  private func directory(entries: Int) -> [UInt8] {
    let entry = number(273, 2) + number(4, 2) + number(1 << 20, 4) + number(8, 4)
    return [0x49, 0x49, 0x2A, 0] + number(8, 4) + number(entries, 2)
      + [[UInt8]](repeating: entry, count: entries).joined()
  }

  @Test("a directory is read once, whatever its entries say")
  func manyStrips() {
    let tiff = directory(entries: 4000)
    let source = CountedBytes(tiff)
    _ = TIFFDirectory(source)?.end(in: source)
    #expect(source.read < 3 * tiff.count)
    for format in PictureBytes.Format.allCases {
      let source = CountedBytes(tiff)
      _ = PictureBytes(source, format: format)
      #expect(source.read < 3 * tiff.count)
    }
  }

  @Test("of many directories in one WebP picture, the first is read")
  func manyDirectories() {
    let part = Array("EXIF".utf8) + number(0, 4)
    let tiff: [UInt8] = [0x49, 0x49, 0x2A, 0] + number(0, 4)
    let parts = [[UInt8]](repeating: part + tiff, count: 2000).joined()
    let bytes = [UInt8](repeating: 0, count: 12) + parts + [UInt8](repeating: 1, count: 1 << 16)
    let source = CountedBytes(bytes)
    _ = PictureBytes(source, format: .webp)
    #expect(source.read < 4 * bytes.count)
  }

  @Test("segments and scans of a JPEG picture are read once")
  func manySegments() {
    let empty = [[UInt8]](repeating: [0xFF, 0xFE, 0, 2], count: 20_000).joined()
    // A byte that belongs to no segment follows each.
    let stray = [[UInt8]](repeating: [0xFF, 0xFE, 0, 2, 0], count: 20_000).joined()
    for segments in [Array(empty), Array(stray)] {
      let source = CountedBytes([0xFF, 0xD8] + segments + [0xFF, 0xD9])
      #expect(JPEGScans.shortfall(of: source) == nil)
      #expect(source.read < 3 * source.size)
    }
  }

  @Test("the reading of a file stops although the disk answers at once")
  func cancelled() throws {
    let cancellation = Cancellation()
    let path = folder("a")
    try Data(count: 1 << 20).write(to: URL(filePath: path))
    let file = try #require(ByteFile(path: path, interrupt: Interrupt(cancellation)))
    #expect(file.bytes(at: 0, count: 4).count == 4)
    cancellation.cancel()
    // All of it is in the block that was read.
    for offset in 0..<400 { _ = file.bytes(at: offset, count: 1) }
    #expect(file.failure != nil)
    #expect(file.bytes(at: 0, count: 1) == [])
  }
}

@Suite("What is kept of damage")
struct DamageNotesTests {
  @Test("damage is noted however much came before")
  func recentNumbers() {
    var numbers = RecentNumbers()
    for number in 0..<50_000 { numbers.add(number) }
    #expect(numbers.isNear(49_999, reach: 32) && numbers.isNear(50_031, reach: 32))
    #expect(!numbers.isNear(50_040, reach: 32) && !numbers.isNear(10, reach: 32))
    #expect(numbers.hasAny(below: 49_000) && !numbers.hasAny(below: 0))
  }

  @Test("messages about pixels are not taken for those about metadata")
  func metadata() {
    for text in ["overlapping tiles", "invalid mapping", "end of data appears", "icchannel"] {
      #expect(!DamageLog.isAboutMetadata(text), "\(text)")
    }
    for text in ["mjpeg: decode_app parser", "app1 too short", "invalid exif", "bad iccp chunk"] {
      #expect(DamageLog.isAboutMetadata(text), "\(text)")
    }
  }

  @Test("a length without an end is none")
  func endlessClock() {
    #expect(clockSeconds("01:02:03.5") == 3723.5)
    for text in ["1e308:0:0", "inf:0:0", "nan:0:0", "-1:0:0"] { #expect(clockSeconds(text) == nil) }
  }

  @Test("all brands of HEIF pictures are known by their first bytes")
  func brands() {
    for brand in ["heim", "mif2", "msf1", "heic"] {
      let head = [0, 0, 0, 24] + Array("ftyp\(brand)".utf8) + [0, 0, 0, 0]
      #expect(MediaSignature(head) == (PictureSupport.readsHEIF ? .picture : nil), "\(brand)")
    }
  }
}
