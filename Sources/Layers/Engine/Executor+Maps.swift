internal import CKernels

/// Steps that most networks do without.
extension Executor {
  /// For each output row, copies its windows one after the other and multiplies them by each
  /// group's weights.
  func convolveGathered(
    _ step: Step, _ window: Window, _ groups: Int, _ activation: Activation, _ rows: MapView
  ) {
    let output = step.output
    let length = rows.placement.pixelStride
    let columns = output.shape.channels / groups
    var arguments = unsafe matrixArguments(step, activation)
    unsafe arguments.m = output.shape.width
    unsafe arguments.segments = 1
    unsafe arguments.k = length
    unsafe arguments.lda = length
    if groups > 1 {
      unsafe arguments.n = columns
      unsafe arguments.columns = columns
    }
    let first = unsafe arguments
    let size = network.kernels.f32_gemm_packed_size(columns, length)
    for row in 0..<output.shape.height {
      gather(step.inputs[0], window, groups, row, output.shape.width, into: rows)
      for group in 0..<groups {
        unsafe arguments.a = UnsafePointer(
          floats(rows) + group * output.shape.width * length)
        unsafe arguments.b = first.b + group * size
        unsafe arguments.bias = first.bias + group * columns
        unsafe arguments.c = first.c + row * output.rowStride + group * columns
        if let residual = step.residual, let start = unsafe first.residual {
          unsafe arguments.residual = start + row * residual.rowStride + group * columns
        }
        unsafe network.kernels.f32_gemm(&arguments)
      }
    }
    if groups > 1 { clearPadding(of: output, 0..<output.shape.height) }
  }

  /// Multiplies each group of channels by its weights; groups are runs of channels in every pixel.
  func multiplyGroups(
    _ step: Step, _ rows: Range<Int>, _ groups: Int, _ activation: Activation
  ) {
    let (input, output) = (step.inputs[0], step.output)
    let (length, columns) = (input.shape.channels / groups, output.shape.channels / groups)
    var arguments = unsafe matrixArguments(step, row: rows.lowerBound, activation)
    unsafe arguments.m = rows.count * output.shape.width
    unsafe arguments.segments = 1
    unsafe arguments.k = length
    unsafe arguments.n = columns
    unsafe arguments.columns = columns
    unsafe arguments.a = UnsafePointer(floats(input, row: rows.lowerBound))
    unsafe arguments.lda = input.placement.pixelStride
    let size = network.kernels.f32_gemm_packed_size(columns, length)
    for _ in 0..<groups {
      unsafe network.kernels.f32_gemm(&arguments)
      unsafe arguments.a += length
      unsafe arguments.b += size
      unsafe arguments.bias += columns
      unsafe arguments.c += columns
      if let residual = unsafe arguments.residual {
        unsafe arguments.residual = residual + columns
      }
    }
    clearPadding(of: output, rows)
  }

  /// Copies the windows of output row `row` to `rows`, laid out as `[groups][width][kernel *
  /// kernel][channels of a group]`.
  private func gather(
    _ input: MapView, _ window: Window, _ groups: Int, _ row: Int, _ width: Int,
    into rows: MapView
  ) {
    let top = row * window.stride - window.extent(over: input.shape.height).padBefore
    let left = window.extent(over: input.shape.width).padBefore
    let channels = input.shape.channels / groups
    let length = rows.placement.pixelStride
    for group in 0..<groups {
      let source = unsafe floats(input) + group * channels
      var target = unsafe floats(rows) + group * width * length
      for column in 0..<width {
        for i in 0..<window.kernel {
          let y = top + i * window.dilation
          for j in 0..<window.kernel {
            let x = column * window.stride - left + j * window.dilation
            if y >= 0, y < input.shape.height, x >= 0, x < input.shape.width {
              unsafe target.update(
                from: source + y * input.rowStride + x * input.placement.pixelStride,
                count: channels)
            } else {
              unsafe target.update(repeating: 0, count: channels)
            }
            unsafe target += channels
          }
        }
      }
    }
  }

  /// Zeroes the padding after each pixel's channels, because kernels read whole vectors.
  func clearPadding(of view: MapView, _ rows: Range<Int>) {
    let padding = view.placement.lanes - view.shape.channels
    guard padding > 0 else { return }
    var end = unsafe floats(view, row: rows.lowerBound) + view.shape.channels
    for _ in 0..<rows.count * view.shape.width {
      unsafe end.update(repeating: 0, count: padding)
      unsafe end += view.placement.pixelStride
    }
  }

  /// Copies runs of channels.
  func gather(
    _ runs: [ChannelRun], of inputs: [MapView], into output: MapView, _ rows: Range<Int>
  ) {
    let pixels = rows.count * output.shape.width
    let stride = output.placement.pixelStride
    defer { clearPadding(of: output, rows) }
    if ChannelRun.alternate(runs) {
      let (first, second) = (inputs[runs[0].input], inputs[runs[1].input])
      var a = unsafe floats(first, row: rows.lowerBound) + runs[0].from
      var b = unsafe floats(second, row: rows.lowerBound) + runs[1].from
      var y = unsafe floats(output, row: rows.lowerBound)
      for _ in 0..<pixels {
        unsafe network.kernels.f32_interleave(runs[0].count, a, b, y)
        unsafe a += first.placement.pixelStride
        unsafe b += second.placement.pixelStride
        unsafe y += stride
      }
      return
    }
    for run in runs {
      let input = inputs[run.input]
      var x = unsafe floats(input, row: rows.lowerBound) + run.from
      var y = unsafe floats(output, row: rows.lowerBound) + run.to
      for _ in 0..<pixels {
        switch (run.fromStep, run.toStep) {
        case (1, 1):
          unsafe y.update(from: x, count: run.count)
        case (let from, 1):
          for index in 0..<run.count { unsafe y[index] = x[index * from] }
        case (let from, let to):
          for index in 0..<run.count { unsafe y[index * to] = x[index * from] }
        }
        unsafe x += input.placement.pixelStride
        unsafe y += stride
      }
    }
  }

  /// Divides each pixel's channels by their length, which is summed in double precision.
  func normalize(_ input: MapView, into output: MapView, _ rows: Range<Int>) {
    var x = unsafe floats(input, row: rows.lowerBound)
    var y = unsafe floats(output, row: rows.lowerBound)
    for _ in 0..<rows.count * output.shape.width {
      var sum = 0.0
      for channel in 0..<output.shape.channels {
        let value = unsafe Double(x[channel])
        sum += value * value
      }
      let length = Float(max(sum.squareRoot(), 1e-12))
      for channel in 0..<output.shape.channels { unsafe y[channel] = x[channel] / length }
      unsafe x += input.placement.pixelStride
      unsafe y += output.placement.pixelStride
    }
    clearPadding(of: output, rows)
  }

  func multiply(_ a: MapView, _ b: MapView, into output: MapView) {
    let (p, q, r) = (a.placement, b.placement, output.placement)
    let lanes = min(p.lanes, q.lanes, r.lanes)
    for pixel in 0..<output.shape.pixels {
      let x = unsafe floats(a) + pixel * p.pixelStride
      let y = unsafe floats(b) + pixel * q.pixelStride
      let z = unsafe floats(output) + pixel * r.pixelStride
      for lane in 0..<lanes { unsafe z[lane] = x[lane] * y[lane] }
    }
    if lanes < r.lanes { clearPadding(of: output, 0..<output.shape.height) }
  }

  func apply(_ function: ElementFunction, to input: MapView, into output: MapView) {
    unsafe forEachRun(input, output, 0..<output.shape.height) { count, x, y in
      for index in 0..<count { unsafe y[index] = function(x[index]) }
    }
    if input.placement.lanes < output.placement.lanes {
      clearPadding(of: output, 0..<output.shape.height)
    }
  }

  /// Interpolates each output pixel from two by two source pixels; with zero weights it is a copy
  /// of one.
  func resize(
    _ input: MapView, _ rows: [ResamplingTap], _ columns: [ResamplingTap], into output: MapView
  ) {
    let stride = input.placement.pixelStride
    let lanes = min(input.placement.lanes, output.placement.lanes)
    for (row, vertical) in rows.enumerated() {
      let source = unsafe floats(input)
      let upper = unsafe source + vertical.first * input.rowStride
      let lower = unsafe source + vertical.second * input.rowStride
      var target = unsafe floats(output) + row * output.rowStride
      for horizontal in columns {
        let (left, right) = (horizontal.first * stride, horizontal.second * stride)
        for lane in 0..<lanes {
          let a = unsafe upper[left + lane]
          let b = unsafe upper[right + lane]
          let c = unsafe lower[left + lane]
          let d = unsafe lower[right + lane]
          let above = a + (b - a) * horizontal.weight
          let below = c + (d - c) * horizontal.weight
          unsafe target[lane] = above + (below - above) * vertical.weight
        }
        unsafe target += output.placement.pixelStride
      }
    }
    if lanes < output.placement.lanes { clearPadding(of: output, 0..<output.shape.height) }
  }

  /// Copies `input` into the middle of `output` and writes zeros around it.
  func pad(_ input: MapView, _ border: Border, into output: MapView) {
    let lanes = min(input.placement.lanes, output.placement.lanes)
    for row in 0..<output.shape.height {
      let y = row - border.top
      for column in 0..<output.shape.width {
        let x = column - border.left
        let target =
          unsafe floats(output) + row * output.rowStride
          + column * output.placement.pixelStride
        guard y >= 0, y < input.shape.height, x >= 0, x < input.shape.width else {
          unsafe target.update(repeating: 0, count: output.placement.lanes)
          continue
        }
        let source =
          unsafe floats(input) + y * input.rowStride
          + x * input.placement.pixelStride
        unsafe target.update(from: source, count: lanes)
        unsafe (target + lanes).update(repeating: 0, count: output.placement.lanes - lanes)
      }
    }
  }
}
