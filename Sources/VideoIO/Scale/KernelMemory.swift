/// Zeroed memory of one element type that starts at a cache line.
@safe
final class KernelMemory<Element: BitwiseCopyable> {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    unsafe raw.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe start = raw.bindMemory(to: Element.self).baseAddress!
  }

  deinit { unsafe start.deallocate() }
}
