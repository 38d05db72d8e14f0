/// A feature map at its place in the arena.
struct MapView: Hashable {
  var shape: Shape
  /// Before planning relative to its storage, afterwards to the arena; counted in its numbers.
  var placement: Placement
  /// How its numbers are stored.
  var element = Element.float32
  /// Set where only some rows exist at a time; the placement then counts from the start of a thread's own
  /// room.
  var rolling: RollingMap?

  /// Elements from one row to the next.
  var rowStride: Int { shape.width * placement.pixelStride }
  var rowBytes: Int { rowStride * element.size }
  var bytes: Int { shape.height * rowBytes }
}

/// Room for a few rows of a map.
struct RollingMap: Hashable {
  /// Its number among the program's rolling maps.
  var index: Int
  /// Rows that there is room for.
  var capacity: Int
}

/// Packed weights of one node: first floats inside the network's weight buffer.
struct PackedWeights: Hashable {
  var weights: Int
  var bias: Int
}

/// The network's input as 8-bit pixels, and the first layer's weights for them.
struct PixelSource: Hashable {
  var view: MapView
  /// First float inside the network's weight buffer.
  var packed = 0
}

/// What a step of the program runs.
enum StepKind: Hashable {
  /// A matrix product over all pixels.
  case pointwise(Activation)
  /// A matrix product for each output row; the input is first copied into `border` where it needs zeros
  /// around it, or is not stored as the product takes it.
  case convolution(Window, Activation, border: MapView?)
  case depthwise(Window, Activation)
  case maxPool(Window)
  case averagePool(Window)
  case globalAverage
  case scale
  case activation(Activation)
  case fakeQuantize(Rounding)
  case add
  /// Channels of each pixel from one map to another.
  case copy
  /// A matrix product for each group of each output row, whose windows are first copied one after the
  /// other into `rows`, `[groups][width][kernel * kernel * channels of a group]`.
  case gathered(Window, groups: Int, Activation, rows: MapView)
  case multiply
  case function(ElementFunction)
  /// The source pixels of each output row and column.
  case resize(rows: [ResamplingTap], columns: [ResamplingTap])
  case pad(Border)
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
  /// Floats to how the output is stored.
  case quantize
  /// How the input is stored to floats.
  case dequantize
}

/// One kernel call, or one for each row, with everything that it needs.
struct Step: Hashable {
  var kind: StepKind
  /// The node that it computes; its time is charged there.
  var node: Int
  var inputs: [MapView]
  var output: MapView
  /// Added to the output after the activation.
  var residual: MapView?
  /// Room for one row of a full convolution in floats, where its output is bytes.
  var row: MapView?
  var packed: PackedWeights?
  /// Where a convolution in floats computes the same from the network's input as 8-bit pixels, if that is
  /// how it was written.
  var pixels: PixelSource?
  /// Columns that a matrix product writes: the padding too, unless the output is dense.
  var columns: Int { min(output.placement.lanes, paddedChannels(output.shape.channels)) }
}
