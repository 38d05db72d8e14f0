/// A network's packed weights, in memory of its own or in a mapped file.
@safe
final class WeightBuffer: @unchecked Sendable {
  // Sendable because the floats are never written, and stay valid as long as `owner` lives.
  let start: UnsafePointer<Float>
  let count: Int
  /// Whether they are part of a mapped file.
  let isMapped: Bool
  private let owner: AnyObject

  /// Takes weights that were just packed.
  init(_ buffer: FloatBuffer) {
    unsafe start = UnsafePointer(buffer.start)
    count = buffer.count
    isMapped = false
    owner = buffer
  }

  /// Uses weights in place in a mapped file; `nil` unless they are `count` floats that start at a
  /// cache line.
  init?(mapped tensor: StoredTensor, count: Int) {
    // The address stays valid outside `withBytes`, because `owner` keeps the file mapped.
    let address = tensor.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }
    guard tensor.range.count == count * MemoryLayout<Float>.stride, address % 64 == 0,
      let start = unsafe UnsafePointer<Float>(bitPattern: address)
    else { return nil }
    unsafe self.start = start
    self.count = count
    isMapped = true
    owner = tensor.file
  }

  /// The bytes of all floats.
  func copy() -> [UInt8] {
    unsafe [UInt8](UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count)))
  }
}
