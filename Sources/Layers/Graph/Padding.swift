/// How the input of a window is padded.
public enum Padding: Hashable, Sendable {
  /// `(reach - 1) / 2` zeros on every side, as in PyTorch's models.
  case even
  /// TensorFlow's SAME: `ceil(input / stride)` outputs; with an odd number of zeros, the bottom and
  /// right get one more.
  case same
  /// No zeros: the window stays inside the input.
  case valid
  /// This many zeros on every side, as in Caffe's models.
  case zeros(Int)
}

/// A square window that slides over a feature map.
public struct Window: Hashable, Sendable {
  /// Side in pixels.
  public var kernel: Int
  /// Step in pixels.
  public var stride: Int
  /// How the input is padded.
  public var padding: Padding
  /// Whether to count a last window that only partly fits (Caffe's pooling, PyTorch's `ceil_mode`).
  public var roundsUp: Bool
  /// Distance between neighbouring pixels of the window: 1, or more in a dilated convolution.
  public var dilation: Int

  /// Creates a window of `kernel` by `kernel` pixels that moves `stride` pixels at a time.
  public init(
    kernel: Int, stride: Int = 1, padding: Padding = .even, roundsUp: Bool = false,
    dilation: Int = 1
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.roundsUp = roundsUp
    self.dilation = dilation
  }

  /// Side of the square that the window's pixels span.
  public var reach: Int { (kernel - 1) * dilation + 1 }

  /// The outputs and the zeros before the first input pixel, along one side of `size` pixels.
  ///
  /// There are no outputs if the window does not fit (zero or a negative number).
  public func extent(over size: Int) -> (outputs: Int, padBefore: Int) {
    switch padding {
    case .same:
      let outputs = (size + stride - 1) / stride
      let total = max((outputs - 1) * stride + reach - size, 0)
      return (outputs, total / 2)
    case .even, .valid, .zeros:
      let pad =
        switch padding {
        case .even: (reach - 1) / 2
        case .zeros(let count): count
        case .same, .valid: 0
        }
      let span = size + 2 * pad - reach
      guard span >= 0 else { return (0, pad) }
      var outputs = (roundsUp ? span + stride - 1 : span) / stride + 1
      // PyTorch: the last window starts inside the input or its left border.
      if roundsUp && (outputs - 1) * stride >= size + pad { outputs -= 1 }
      return (outputs, pad)
    }
  }
}
