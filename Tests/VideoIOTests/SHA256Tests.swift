import Foundation
import TestSupport
import Testing

@testable import VideoIO

@Suite("SHA-256")
struct SHA256Tests {
  @Test("bytes in memory have the hash that FFmpeg finds for the same file")
  func agrees() throws {
    let folder = try ScratchFolder()
    var random = SplitMix64(seed: 51)
    for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 100_003] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let path = folder("\(count)")
      try Data(bytes).write(to: URL(filePath: path))
      let (found, expected) = (unsafe sha256(of: bytes.span.bytes), try sha256(ofFile: path))
      #expect(found == expected, "\(count) bytes")
    }
  }
}
