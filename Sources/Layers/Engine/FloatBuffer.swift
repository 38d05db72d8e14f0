/// Zeroed floats that start at a cache line.
@safe
final class FloatBuffer: @unchecked Sendable {
  // Sendable because a buffer is either never written after its owner's init (weights) or belongs
  // to one session, which is not Sendable (activations).
  let start: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe start = raw.initializeMemory(as: Float.self, repeating: 0, count: max(count, 16))
  }

  deinit {
    unsafe start.deallocate()
  }
}
