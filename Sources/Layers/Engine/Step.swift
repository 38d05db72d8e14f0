/// A feature map at its place in the arena.
struct MapView: Hashable {
  var shape: Shape
  /// Relative to its storage before memory is planned, to the arena afterwards; in elements.
  var placement: Placement
  /// How its elements are stored.
  var element = Element.float32
  /// Set if only some rows exist at a time.
  ///
  /// The placement is then relative to a thread's scratch memory.
  var rolling: RollingMap?

  /// Elements from one row to the next.
  var rowStride: Int { shape.width * placement.pixelStride }
  var rowBytes: Int { rowStride * element.size }
  var bytes: Int { shape.height * rowBytes }
}

/// A map of which only a few rows exist at a time.
struct RollingMap: Hashable {
  /// Its index among the program's rolling maps.
  var index: Int
  /// Rows that it can hold.
  var capacity: Int
}

/// Where the packed weights of one node are in the network's weight buffer, in floats.
struct PackedWeights: Hashable {
  var weights: Int
  var bias: Int
}

/// The network's input as 8-bit pixels, and the first layer's weights for them.
struct PixelSource: Hashable {
  var view: MapView
  /// First float in the network's weight buffer.
  var packed = 0
  var wide: WideChannels?
}

/// What a step computes.
enum StepKind: Hashable {
  /// A matrix product over all pixels.
  case pointwise(Activation)
  /// A matrix product for each output row. The input is first copied into `border` if it needs zero
  /// padding, or another layout or type of elements.
  case convolution(Window, Activation, border: MapView?)
  /// A 3x3 convolution by tiles; `scratch` holds the transformed tiles and products of a block.
  case winograd(Window, Activation, WinogradPlan, scratch: MapView)
  /// A matrix product over all pixels by Strassen's algorithm; `scratch` holds the sums and the
  /// products of a block.
  case strassen(Activation, StrassenPlan, scratch: MapView)
  case depthwise(Window, Activation)
  case maxPool(Window)
  case averagePool(Window)
  case globalAverage
  case scale
  case activation(Activation)
  case fakeQuantize(Rounding)
  case add
  /// Copies each pixel's channels from one map to another.
  case copy
  /// Copies runs of channels of each pixel to their places.
  case gather([ChannelRun])
  /// A matrix product for each group of each output row, whose windows are first copied one after
  /// the other into `rows`, `[groups][width][kernel * kernel * channels of a group]`.
  case gathered(Window, groups: Int, Activation, rows: MapView)
  /// A matrix product over all pixels for each group of channels.
  case groupedPointwise(groups: Int, Activation)
  case multiply
  case function(ElementFunction)
  /// The source pixels of each output row and column.
  case resize(rows: [ResamplingTap], columns: [ResamplingTap])
  case pad(Border)
  /// Divides each pixel's channels by their length.
  case normalize
  /// A matrix product of bytes over all pixels; the output is bytes or floats.
  case integerPointwise(Activation)
  /// A depthwise convolution from bytes to bytes.
  case integerDepthwise(Window, Activation)
  /// A full convolution of bytes; the output is bytes or floats.
  case integerConvolution(Window, Activation)
  /// The mean of each channel of bytes, as a byte.
  case integerGlobalAverage
  /// Bytes times the bytes of a factor for each channel.
  case integerScale
  /// The sum of two maps of bytes, as bytes.
  case integerAdd
  /// Converts floats to the output's format.
  case quantize
  /// Converts the input's format to floats.
  case dequantize
}

/// One kernel call, or one for each row, with everything that it needs.
struct Step: Hashable {
  var kind: StepKind
  /// The node that it computes, to which profiling adds its time.
  var node: Int
  var inputs: [MapView]
  var output: MapView
  /// Added to the output after the activation.
  var residual: MapView?
  /// Scratch memory for one row of floats, if a full float convolution writes bytes.
  var row: MapView?
  var packed: PackedWeights?
  /// Lets a float convolution read the network's input as 8-bit pixels if it was written that way.
  var pixels: PixelSource?
  /// Channels of an 8-bit step whose weights don't fit into bytes.
  var wide: WideChannels?
  /// Columns that a matrix product writes: the padding too, unless the output is dense.
  var columns: Int { min(output.placement.lanes, paddedChannels(output.shape.channels)) }
  /// Scratch memory of a step that divides its output into tiles or blocks itself.
  var scratch: MapView? {
    get {
      switch kind {
      case .winograd(_, _, _, let scratch), .strassen(_, _, let scratch): scratch
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch kind {
      case .winograd(let window, let activation, let plan, _):
        kind = .winograd(window, activation, plan, scratch: newValue)
      case .strassen(let activation, let plan, _):
        kind = .strassen(activation, plan, scratch: newValue)
      default: break
      }
    }
  }
}
