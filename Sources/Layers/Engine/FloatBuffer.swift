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
    unsafe start = block.alignedUp(toMultipleOf: alignment)
      .bindMemory(to: Float.self, capacity: floats)
  }

  deinit {
    unsafe free(block)
  }
}
