extension Executor {
  /// Adds rows `rows` of two maps of bytes, which have steps of their own.
  ///
  /// In double precision, in which nothing but the last rounding loses anything that matters.
  func addBytes(_ a: MapView, _ b: MapView, into output: MapView, _ rows: Range<Int>) {
    guard let first = a.element.quantizer, let second = b.element.quantizer,
      let to = output.element.quantizer
    else { preconditionFailure("sums of bytes need maps of bytes") }
    let (left, right) = (
      Double(first.scale) / Double(to.scale), Double(second.scale) / Double(to.scale)
    )
    let offset =
      Double(to.zeroPoint) - Double(first.zeroPoint) * left - Double(second.zeroPoint) * right
    let lanes = min(a.placement.lanes, b.placement.lanes, output.placement.lanes)
    var x = unsafe bytes(a, row: rows.lowerBound)
    var y = unsafe bytes(b, row: rows.lowerBound)
    var z = unsafe bytes(output, row: rows.lowerBound)
    // At 1.5 * 2^52 one unit in the last place is 1, so adding it rounds.
    let rounding = 0x1.8p52
    for _ in 0..<rows.count * output.shape.width {
      for lane in 0..<lanes {
        let sum = unsafe Double(x[lane]) * left + Double(y[lane]) * right + offset
        let bounded = sum > 0 ? (sum < 255 ? sum : 255) : 0
        unsafe z[lane] = UInt8(truncatingIfNeeded: (bounded + rounding).bitPattern)
      }
      unsafe x += a.placement.pixelStride
      unsafe y += b.placement.pixelStride
      unsafe z += output.placement.pixelStride
    }
  }
}
