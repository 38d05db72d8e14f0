internal import CKernels

/// Passing over the pixels of maps.
extension Executor {
  /// Calls `body` with the length and the first floats of each run that rows of two maps of one shape
  /// have in common.
  func forEachRun(
    _ input: MapView, _ output: MapView, _ rows: Range<Int>,
    _ body: (_ count: Int, _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>) ->
      Void
  ) {
    let x = unsafe floats(input, row: rows.lowerBound)
    let y = unsafe floats(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows, body)
  }

  /// The same for numbers of any type, of which `x` and `y` are the first ones of `rows`: all at once
  /// where the strides are equal and nothing lies between the pixels.
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

  /// What the windows of the output rows `rows` lie over, and the row of it that the first begins at:
  /// the input, or `border`, filled with the part of the input that those rows need.
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

  /// Copies rows of `input` with the zeros around it, for `window`, into `border`.
  ///
  /// The first of `rows`, which count from the topmost zeros, becomes row 0.
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

  /// Copies the first `columns` pixels of a row, floats to bfloat16 where the `border` is of those.
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
