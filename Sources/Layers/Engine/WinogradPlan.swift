/// The memory of Winograd's convolution F(4x4, 3x3) (Lavin and Gray 2015, arXiv:1509.09308).
///
/// Tiles of 4x4 outputs are computed from 36 matrix products, a quarter of the multiply-adds of the
/// windows themselves. The transformed weights take four times as much memory.
struct WinogradPlan: Hashable {
  /// Side of a tile of outputs.
  static let tile = 4
  /// Matrix products: one for each pixel of a tile's window.
  static let positions = 36

  /// Channels of the input and columns of the products, padded.
  let inputs: Int
  let columns: Int
  /// The most tiles of a block.
  ///
  /// A block's transformed tiles and products stay in the caches; each block reads all weights.
  let blockTiles: Int
  /// Floats of a packed matrix of weights.
  let matrixCount: Int

  init(inputs: Int, columns: Int, matrixCount: Int) {
    self.inputs = inputs
    self.columns = columns
    self.matrixCount = matrixCount
    let weights = Self.positions * matrixCount
    let fitting = max(1 << 18, weights / 4) / (Self.positions * (inputs + columns))
    blockTiles = max(fitting, 24)
  }

  /// Floats of all packed weights; zeros follow the matrices, in place of biases.
  var packedCount: Int { Self.positions * matrixCount + columns }

  /// Floats of a thread's scratch memory.
  var scratchCount: Int { Self.positions * blockTiles * (inputs + columns) }

  /// Whether it saves time for an output of this shape.
  ///
  /// Few tiles are too few rows for the products, which then wait for the weights.
  static func pays(_ window: Window, inputs: Int, _ output: Shape) -> Bool {
    guard window.kernel == 3, window.stride == 1, window.dilation == 1, inputs >= 16,
      output.channels >= 16
    else { return false }
    let tiles = count(output.height) * count(output.width)
    return tiles >= 12 && 9 * output.pixels >= 2 * positions * tiles
  }

  /// Tiles along a side.
  static func count(_ side: Int) -> Int { (side + tile - 1) / tile }
}

/// Transforms 3x3 kernels `[out][in][3][3]` to one matrix `[out][in]` for each position.
func winogradWeights(_ values: [Float], outputs: Int, inputs: Int) -> [[Float]] {
  let (a, b) = (0.5.squareRoot(), 2.0.squareRoot())
  let rows: [(Double, Double, Double)] = [
    (1, 0, 0), (-2 / 3, -2 / 3 * a, -1 / 3), (-2 / 3, 2 / 3 * a, -1 / 3),
    (1 / 6, b / 6, 1 / 3), (1 / 6, -b / 6, 1 / 3), (0, 0, 1),
  ]
  var matrices = [[Float]](
    repeating: [Float](repeating: 0, count: outputs * inputs), count: WinogradPlan.positions)
  for pair in 0..<outputs * inputs {
    func tap(_ index: Int) -> Double { Double(values[9 * pair + index]) }
    for (i, row) in rows.enumerated() {
      let left = row.0 * tap(0) + row.1 * tap(3) + row.2 * tap(6)
      let middle = row.0 * tap(1) + row.1 * tap(4) + row.2 * tap(7)
      let right = row.0 * tap(2) + row.1 * tap(5) + row.2 * tap(8)
      for (j, column) in rows.enumerated() {
        matrices[rows.count * i + j][pair] = Float(
          column.0 * left + column.1 * middle + column.2 * right)
      }
    }
  }
  return matrices
}
