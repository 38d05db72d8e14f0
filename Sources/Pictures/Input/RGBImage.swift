/// A dense 8-bit RGB picture: `[height][width][3]`.
///
/// Use it from one thread at a time.
@safe
public final class RGBImage {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  let pixels: UnsafeMutableBufferPointer<UInt8>

  /// libswscale's vector code writes a few pixels past the end of a row.
  private static let padding = 64

  /// Creates a black picture.
  ///
  /// - Precondition: both sides are 1 to 16384 pixels.
  public init(width: Int, height: Int) {
    let sides = 1...16384
    precondition(
      sides.contains(width) && sides.contains(height), "a picture of \(width) x \(height)")
    self.width = width
    self.height = height
    let storage = UnsafeMutableRawBufferPointer.allocate(
      byteCount: width * height * 3 + Self.padding, alignment: 64)
    unsafe pixels = storage.bindMemory(to: UInt8.self)
    unsafe pixels.initialize(repeating: 0)
  }

  deinit { unsafe pixels.deallocate() }

  /// Lends the pixels, `width * height * 3` bytes row by row.
  public func withPixels<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(Span(_unsafeElements: pixels.extracting(0..<width * height * 3)))
  }
}
