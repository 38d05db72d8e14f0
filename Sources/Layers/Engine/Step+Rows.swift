extension Step {
  /// Whether the rows of the output can be computed independently.
  var isSeparable: Bool {
    switch kind {
    case .pointwise, .groupedPointwise, .convolution, .depthwise, .integerPointwise,
      .integerDepthwise,
      .integerConvolution, .winograd, .strassen,
      .maxPool, .averagePool, .activation, .fakeQuantize, .add, .integerScale, .integerAdd, .copy,
      .gather,
      .quantize, .dequantize, .scale, .normalize:
      true
    case .globalAverage, .integerGlobalAverage, .gathered, .multiply,
      .function, .resize, .pad:
      false
    }
  }

  /// The window that slides over the input, or `nil` if each output row needs only the same row of
  /// the input.
  var window: Window? {
    switch kind {
    case .convolution(let window, _, _), .winograd(let window, _, _, _), .depthwise(let window, _),
      .integerDepthwise(let window, _), .integerConvolution(let window, _), .maxPool(let window),
      .averagePool(let window):
      window
    default: nil
    }
  }

  /// Rows of the output that are computed together: shares and bands begin at a multiple of them.
  var rowUnit: Int {
    switch kind {
    case .winograd: WinogradPlan.tile
    case .strassen(_, let plan, _): output.shape.width == 1 ? plan.blockPixels : output.shape.height
    default: 1
    }
  }

  /// The same step with one pixel per row, which threads can share more evenly.
  ///
  /// For steps without a window.
  var pixelwise: Step {
    let shape = output.shape
    return mapViews { view in
      guard view.shape.height == shape.height, view.shape.width == shape.width else { return view }
      var view = view
      view.shape.height = shape.pixels
      view.shape.width = 1
      return view
    }
  }

  /// The rows of the first input that the rows `rows` of a separable step's output need.
  func inputRows(for rows: Range<Int>) -> Range<Int> {
    guard let window else { return rows }
    let height = inputs[0].shape.height
    let pad = window.extent(over: height).padBefore
    let end = min(max((rows.upperBound - 1) * window.stride - pad + window.reach, 0), height)
    return min(max(rows.lowerBound * window.stride - pad, 0), end)..<end
  }
}
