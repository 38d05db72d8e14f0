internal import CKernels

/// Iterating over the pixels of maps.
extension Executor {
  /// Calls `body` with the length and the first floats of each contiguous run that two maps of the
  /// same shape have in common.
  func forEachRun(
    _ input: MapView, _ output: MapView, _ rows: Range<Int>,
    _ body: (_ count: Int, _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>) ->
      Void
  ) {
    let x = unsafe floats(input, row: rows.lowerBound)
    let y = unsafe floats(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows, body)
  }

  /// The same for any types of elements.
  ///
  /// `x` and `y` point to the first element of `rows`; two dense maps are a single run.
  func forEachRun<X, Y>(
    _ input: MapView, _ x: UnsafeMutablePointer<X>, _ output: MapView, _ y: UnsafeMutablePointer<Y>,
    _ rows: Range<Int>,
    _ body: (_ count: Int, _ x: UnsafeMutablePointer<X>, _ y: UnsafeMutablePointer<Y>) -> Void
  ) {
    let lanes = min(input.placement.lanes, output.placement.lanes)
    let pixels = rows.count * input.shape.width
    if input.placement.pixelStride == lanes && output.placement.pixelStride == lanes {
      unsafe body(pixels * lanes, x, y)
      return
    }
    var (x, y) = unsafe (x, y)
    for _ in 0..<pixels {
      unsafe body(lanes, x, y)
      unsafe x += input.placement.pixelStride
      unsafe y += output.placement.pixelStride
    }
  }

  /// The map that the windows of output rows `rows` read, and the row in it where the first window
  /// starts: the input itself, or `border` after filling it with the part of the input that those
  /// rows need.
  func windowed(
    _ input: MapView, _ rows: Range<Int>, _ window: Window, _ border: MapView?
  ) -> (source: MapView, firstRow: Int) {
    let firstRow = rows.lowerBound * window.stride
    guard let border else { return (input, firstRow) }
    fill(
      border, from: input, window,
      firstRow..<(rows.upperBound - 1) * window.stride + window.kernel)
    return (border, 0)
  }

  /// Copies rows of `input`, padded with zeros as `window` requires, into `border`.
  ///
  /// `rows` are counted from the top of the padding; the first one becomes row 0 of `border`.
  private func fill(
    _ border: MapView, from input: MapView, _ window: Window, _ rows: Range<Int>
  ) {
    let top = window.extent(over: input.shape.height).padBefore
    let left = window.extent(over: input.shape.width).padBefore
    let pixelBytes = border.placement.pixelStride * border.element.size
    let columns = min(input.shape.width, border.shape.width - left)
    for row in rows {
      let line = unsafe memory(border, row: row - rows.lowerBound)
      guard row >= top && row - top < input.shape.height else {
        unsafe clear(line, border.rowBytes)
        continue
      }
      unsafe clear(line, left * pixelBytes)
      unsafe copy(input, row: row - top, columns, to: line + left * pixelBytes, of: border)
      unsafe clear(
        line + (left + columns) * pixelBytes,
        (border.shape.width - left - columns) * pixelBytes)
    }
  }

  private func clear(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// Copies the first `columns` pixels of a row, converting floats to bfloat16 if `border` is
  /// bfloat16.
  private func copy(
    _ input: MapView, row: Int, _ columns: Int, to start: UnsafeMutableRawPointer,
    of border: MapView
  ) {
    let (stride, sourceStride) = (border.placement.pixelStride, input.placement.pixelStride)
    let isDense = stride == sourceStride
    let count = isDense ? columns * stride : min(stride, sourceStride)
    let pixels = unsafe memory(input, row: row)
    for column in 0..<(isDense ? 1 : columns) {
      let x = unsafe pixels + column * sourceStride * input.element.size
      let y = unsafe start + column * stride * border.element.size
      if input.element == border.element {
        unsafe y.copyMemory(from: x, byteCount: count * border.element.size)
      } else {
        unsafe network.kernels.f32_bf16_narrow(
          count, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: sd_bf16.self))
      }
    }
  }
}
