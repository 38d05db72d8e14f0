import TestSupport
import Testing

@testable import Layers
@testable import Support

@Suite("checksum")
struct ChecksumTests {
  private func checksum(_ bytes: [UInt8]) -> UInt64 {
    var checksum = Checksum()
    unsafe bytes.withUnsafeBytes { unsafe checksum.combine($0) }
    return checksum.value
  }

  @Test("every single bit counts, at every length", arguments: [1, 7, 8, 31, 32, 33, 64, 100])
  func bits(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let whole = checksum(bytes)
    for bit in 0..<count * 8 {
      bytes[bit / 8] ^= 1 << (bit % 8)
      #expect(checksum(bytes) != whole)
      bytes[bit / 8] ^= 1 << (bit % 8)
    }
    #expect(checksum(bytes) == whole)
  }

  @Test("zeros at the end, swapped words and other boundaries change the checksum")
  func order() {
    let bytes = (0..<96).map { UInt8($0) }
    #expect(checksum(bytes) != checksum(bytes + [0]))
    for distance in [8, 16, 32, 64] {
      var swapped = bytes
      for index in 0..<8 { swapped.swapAt(index, index + distance) }
      #expect(checksum(swapped) != checksum(bytes))
    }
    var (one, other) = (Checksum(), Checksum())
    one.combine("ab")
    one.combine("c")
    other.combine("a")
    other.combine("bc")
    #expect(one.value != other.value)
  }

  @Test("it is the same in every version, because files contain it")
  func stable() {
    var checksum = Checksum()
    #expect(checksum.text == "943b1bf1a3308cd8")
    checksum.combine("stream-detect")
    checksum.combine(42)
    #expect(checksum.text == "4f5bfb1b6d962864")
  }
}
