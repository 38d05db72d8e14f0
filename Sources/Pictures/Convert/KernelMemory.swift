/// Zeroed memory for elements of one type, aligned to a cache line.
@safe
final class KernelMemory<Element: BitwiseCopyable> {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int) {
    self.count = count
    let byteCount = max(count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    unsafe raw.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    unsafe start = raw.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { unsafe start.deallocate() }
}
