import Foundation
import TestSupport

/// Bytes that end at a guarded page.
///
/// A read or write after them ends the test process; a write before them changes a guard.
@safe
final class Bytes {
  /// What outputs are filled with, to find bytes that a kernel missed or should not have written.
  static let poison: UInt8 = 0xA5
  private static let guardCount = 64

  let count: Int
  private let base: UnsafeMutableRawPointer
  private let mapped: Int

  init(_ count: Int, fill: UInt8 = poison) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let usable = (count + Self.guardCount + page - 1) / page * page
    self.count = count
    mapped = usable + page
    let flags = MAP_PRIVATE | MAP_ANON
    let memory = unsafe mmap(nil, mapped, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      fatalError("mmap of \(mapped) bytes failed")
    }
    unsafe base = memory
    unsafe start = (memory + (usable - count)).bindMemory(to: UInt8.self, capacity: count)
    unsafe memset(memory, Int32(fill), usable)
    let result = unsafe mprotect(memory + usable, page, PROT_NONE)
    guard result == 0 else { fatalError("mprotect failed") }
  }

  convenience init(random count: Int, using random: inout SplitMix64) {
    self.init(count)
    randomize(0..<count, using: &random)
  }

  convenience init(copying other: Bytes) {
    self.init(other.count)
    unsafe start.update(from: other.start, count: count)
  }

  /// Random weights from -127 to 127, in two's complement.
  convenience init(weights count: Int, using random: inout SplitMix64) {
    self.init(random: count, using: &random)
    for index in 0..<count where self[index] == 0x80 { self[index] = 0x81 }
  }

  deinit { unsafe munmap(base, mapped) }

  /// The first byte.
  let start: UnsafeMutablePointer<UInt8>

  subscript(index: Int) -> UInt8 {
    get { unsafe start[index] }
    set { unsafe start[index] = newValue }
  }

  /// The byte at `index` as a weight.
  func weight(_ index: Int) -> Int8 { Int8(bitPattern: self[index]) }

  func randomize(_ range: Range<Int>, using random: inout SplitMix64) {
    var bits: UInt64 = 0
    for (place, index) in range.enumerated() {
      bits = place % 8 == 0 ? random.next() : bits >> 8
      self[index] = UInt8(truncatingIfNeeded: bits)
    }
  }

  /// Index of the first byte that differs, including the guard.
  func firstDifference(from other: Bytes) -> Int? {
    let same = unsafe memcmp(
      start - Self.guardCount, other.start - Self.guardCount, count + Self.guardCount)
    if same == 0 { return nil }
    return (-Self.guardCount..<count).first { self[$0] != other[$0] }
  }
}
