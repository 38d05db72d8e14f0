package import CFFmpeg

extension Picture {
  /// Fills in `frame` for an encoder without copying: the frame holds a reference to the memory.
  ///
  /// If the encoder's size has one column or line more, the picture's last one is repeated.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  package func lend(
    to frame: UnsafeMutablePointer<AVFrame>, width: Int32, height: Int32,
    pixelFormat: AVPixelFormat
  ) throws(MediaError) {
    if Int(width) > self.width || Int(height) > self.height { try padToEven() }
    let pointers = unsafe planes()
    unsafe frame.pointee.width = width
    unsafe frame.pointee.height = height
    unsafe frame.pointee.format = pixelFormat.rawValue
    unsafe frame.pointee.color_range = tags.range
    unsafe frame.pointee.colorspace = tags.matrix
    unsafe frame.pointee.color_primaries = tags.primaries
    unsafe frame.pointee.color_trc = tags.transfer
    unsafe frame.pointee.sample_aspect_ratio = pixelAspect
    unsafe frame.pointee.buf.0 = try sharedBuffer()
    unsafe frame.pointee.data.0 = pointers[.luma]
    unsafe frame.pointee.data.1 = pointers[.blueDifference]
    unsafe frame.pointee.data.2 = pointers[.redDifference]
    unsafe frame.pointee.linesize.0 = Int32(layout.stride(of: .luma))
    unsafe frame.pointee.linesize.1 = Int32(layout.stride(of: .blueDifference))
    unsafe frame.pointee.linesize.2 = Int32(layout.stride(of: .redDifference))
    unsafe frame.pointee.extended_data = withUnsafeMutablePointer(to: &frame.pointee.data) {
      unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
    }
  }

  /// Copies the last column and line into the spare ones; chroma covers them already.
  private func padToEven() throws(MediaError) {
    let luma = unsafe try mutablePlanes()[.luma]
    let stride = layout.stride(of: .luma)
    if layout.evenWidth > width {
      for y in 0..<height {
        let line = unsafe luma + y * stride
        unsafe line[width] = unsafe line[width - 1]
      }
    }
    if layout.evenHeight > height {
      let last = unsafe luma + (height - 1) * stride
      unsafe (last + stride).update(from: last, count: layout.evenWidth)
    }
  }
}
