/// The memory of a pointwise convolution by Strassen's matrix product (Strassen 1969, "Gaussian
/// elimination is not optimal"; one level, in Winograd's form, see `sd_strassen.h`).
///
/// Seven products of half the size take the place of eight. Their weights are prepared when the
/// network is made and take 7/4 times as much memory.
struct StrassenPlan: Hashable {
  /// Products, and matrices of weights.
  static let products = 7
  /// Matrices of a block that keep sums of its pixels, and of products.
  static let (pixelSums, productSums) = (4, 5)

  /// Channels of half the input.
  let inputs: Int
  /// Columns of half the output, a multiple of 16.
  let columns: Int
  /// Pixels of a block, whose upper and lower halves are the rows of A; the last may have fewer.
  ///
  /// Blocks depend on the layer alone, so that threads that share a frame don't change the results.
  let blockPixels: Int
  /// Floats of a packed matrix of weights.
  let matrixCount: Int

  init(inputs: Int, outputs: Int, pixels: Int, matrixCount: (_ n: Int, _ k: Int) -> Int) {
    self.inputs = inputs / 2
    columns = Self.halfColumns(outputs)
    // A block of 96 pixels and its matrices stay in the second-level cache. Larger ones would read
    // the weights less often, but leave too few blocks for threads that share a frame.
    let blocks = max((pixels + 48) / 96, 1)
    blockPixels = (pixels + blocks - 1) / blocks
    self.matrixCount = paddedChannels(matrixCount(columns, self.inputs))
  }

  /// Floats between rows of sums of pixels.
  var sumStride: Int { paddedChannels(inputs) }
  /// The first of as many zeros as there are columns, in place of the products' biases.
  var zeros: Int { Self.products * matrixCount }
  /// The first factor of the right half of the input, and of the output.
  var inputScale: Int { zeros + columns }
  var outputScale: Int { inputScale + sumStride }
  /// Floats of everything that is packed.
  var packedCount: Int { outputScale + columns }

  /// Floats of a thread's scratch memory.
  var scratchCount: Int {
    (blockPixels + 1) / 2 * (Self.pixelSums * sumStride + Self.productSums * columns)
  }

  /// Whether a layer of this size can be computed so.
  ///
  /// Half of fewer than 32 channels would not fill a panel of weights.
  static func isPossible(inputs: Int, outputs: Int) -> Bool {
    inputs.isMultiple(of: 2) && min(inputs, outputs) >= 32
  }

  /// Whether it saves time, for an output of `pixels` pixels.
  ///
  /// An eighth of the products is saved, less those of padding, and sums are added, whose share
  /// falls with the number of channels. With few pixels there are too few blocks for many threads,
  /// and the products wait for their weights.
  static func pays(inputs: Int, outputs: Int, pixels: Int) -> Bool {
    // 7/4 products of half the columns for each of the layer's own: at most nine tenths of them.
    isPossible(inputs: inputs, outputs: outputs) && pixels >= 256
      && inputs * outputs >= 224 * (inputs + outputs)
      && 70 * halfColumns(outputs) <= 36 * outputs
  }

  private static func halfColumns(_ outputs: Int) -> Int {
    paddedChannels((outputs + 1) / 2)
  }
}
