#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Zeroed floats, aligned to a cache line.
///
/// The system zeroes the pages of a large buffer when they are first touched, so memory that a
/// network does not use costs nothing.
@safe
final class FloatBuffer: @unchecked Sendable {
  // Sendable because a buffer is either never written after its owner's init (weights) or belongs
  // to one session, which is not Sendable (activations).
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let block: UnsafeMutableRawPointer

  /// Allocates memory for `count` floats.
  ///
  /// - Throws: ``NetworkError`` if the system refuses it.
  init(count: Int) throws(NetworkError) {
    self.count = count
    let floats = max(count, 16)
    let alignment = 64
    let size = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !size.overflow, size.partialValue <= Int.max - alignment,
      let block = unsafe calloc(size.partialValue + alignment, 1)
    else { throw .noMemory(bytes: size.overflow ? .max : size.partialValue) }
    unsafe self.block = block
    unsafe preferLargePages(block, byteCount: floats * MemoryLayout<Float>.stride)
    unsafe start = block.alignedUp(toMultipleOf: alignment)
      .bindMemory(to: Float.self, capacity: floats)
  }

  deinit {
    unsafe free(block)
  }
}

/// Asks for 2 MiB pages wherever one fits inside the block: fewer page faults and TLB misses, and
/// no extra memory.
private func preferLargePages(_ block: UnsafeMutableRawPointer, byteCount: Int) {
  #if os(Linux)
  let size = 1 << 21
  let first = unsafe block.alignedUp(toMultipleOf: size)
  let end = unsafe (block + byteCount).alignedDown(toMultipleOf: size)
  // Only a hint: a system without such pages uses its normal ones.
  if unsafe first < end { _ = unsafe madvise(first, end - first, MADV_HUGEPAGE) }
  #endif
}
