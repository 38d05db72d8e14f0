package import CFFmpeg

/// An 8-bit 4:2:0 picture as displayed, to draw on, crop and encode.
///
/// Its samples keep the range and matrix of their source, which encoders write as tags. While an
/// encoder still uses its memory, the memory is shared, and copied before the next drawing.
@safe
public final class Picture {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  /// Where the planes are in `buffer`.
  package let layout: PictureLayout
  package var tags = ColorTags()
  /// Width over height of a pixel; 0/1 if unknown.
  package var pixelAspect = AVRational(num: 0, den: 1)
  private var buffer: UnsafeMutablePointer<AVBufferRef>

  /// Takes ownership of one reference to `buffer`, which holds at least `layout.byteCount` bytes.
  package init(layout: PictureLayout, owning buffer: UnsafeMutablePointer<AVBufferRef>) {
    width = layout.width
    height = layout.height
    self.layout = layout
    unsafe self.buffer = unsafe buffer
  }

  /// Creates a picture with uninitialised samples.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  package convenience init(layout: PictureLayout) throws(MediaError) {
    unsafe self.init(
      layout: layout, owning: try allocated(av_buffer_alloc(layout.byteCount), "av_buffer_alloc"))
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVBufferRef>? = unsafe buffer
    unsafe av_buffer_unref(&freeing)
  }

  /// Lends line `y` of a plane, from its first to its last displayed sample.
  package func withRow<Result>(
    _ plane: PictureLayout.Plane, _ y: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    precondition((0..<layout.height(of: plane)).contains(y), "no line \(y)")
    let start = unsafe buffer.pointee.data + layout.offset(of: plane) + y * layout.stride(of: plane)
    let row = unsafe UnsafeBufferPointer(start: start, count: layout.width(of: plane))
    return body(unsafe row.span)
  }

  /// Lends line `y` of a plane for writing.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a shared picture.
  package func withMutableRow<Result>(
    _ plane: PictureLayout.Plane, _ y: Int, _ body: (inout MutableSpan<UInt8>) -> Result
  ) throws(MediaError) -> Result {
    precondition((0..<layout.height(of: plane)).contains(y), "no line \(y)")
    try makeWritable()
    let start = unsafe buffer.pointee.data + layout.offset(of: plane) + y * layout.stride(of: plane)
    let row = unsafe UnsafeMutableBufferPointer(start: start, count: layout.width(of: plane))
    var span = unsafe row.mutableSpan
    return body(&span)
  }

  /// Where the planes start, for C that writes; valid while the picture exists.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a shared picture.
  package func mutablePlanes() throws(MediaError) -> PlanePointers {
    try makeWritable()
    return unsafe planes()
  }

  /// Where the planes start, for C that only reads; valid while the picture exists.
  package func planes() -> PlanePointers {
    unsafe PlanePointers(base: buffer.pointee.data, layout: layout)
  }

  /// Another reference to the memory, for an encoder.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  package func sharedBuffer() throws(MediaError) -> UnsafeMutablePointer<AVBufferRef> {
    unsafe try allocated(av_buffer_ref(buffer), "av_buffer_ref")
  }

  /// An encoder may read the memory on its threads, so a shared buffer is copied before a write.
  private func makeWritable() throws(MediaError) {
    guard unsafe av_buffer_is_writable(buffer) == 0 else { return }
    let fresh = unsafe try allocated(av_buffer_alloc(layout.byteCount), "av_buffer_alloc")
    unsafe fresh.pointee.data.update(from: buffer.pointee.data, count: layout.byteCount)
    var old: UnsafeMutablePointer<AVBufferRef>? = unsafe buffer
    unsafe av_buffer_unref(&old)
    unsafe buffer = unsafe fresh
  }
}
