#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Zeroed floats that start at a cache line.
///
/// Of a large one, the system fills each page with zeros when it is first touched, so memory that a
/// network does not use costs nothing.
@safe
final class FloatBuffer: @unchecked Sendable {
  // Sendable because a buffer is either never written after its owner's init (weights) or belongs
  // to one session, which is not Sendable (activations).
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let block: UnsafeMutableRawPointer

  init(count: Int) {
    self.count = count
    let floats = max(count, 16)
    let alignment = 64
    guard let block = unsafe calloc(floats * MemoryLayout<Float>.stride + alignment, 1) else {
      fatalError("no memory for \(floats) floats")
    }
    unsafe self.block = block
    unsafe preferLargePages(block, byteCount: floats * MemoryLayout<Float>.stride)
    unsafe start = block.alignedUp(toMultipleOf: alignment)
      .bindMemory(to: Float.self, capacity: floats)
  }

  deinit {
    unsafe free(block)
  }
}

/// Asks for pages of 2 MiB wherever one lies wholly inside: fewer of them have to be fetched and looked
/// up, and no memory is added.
private func preferLargePages(_ block: UnsafeMutableRawPointer, byteCount: Int) {
  #if os(Linux)
  let size = 1 << 21
  let first = unsafe block.alignedUp(toMultipleOf: size)
  let end = unsafe (block + byteCount).alignedDown(toMultipleOf: size)
  // Advice only: where the system has no such pages, others serve.
  if unsafe first < end { _ = unsafe madvise(first, end - first, MADV_HUGEPAGE) }
  #endif
}
