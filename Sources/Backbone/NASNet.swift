import Layers

/// NASNet-A: two cells that a search found; one keeps the size of a map, the other halves it.
///
/// Zoph et al. 2018, arXiv:1707.07012v4, figure 4, in the mobile size of section 4.2, which the
/// paper calls 4 @ 1056. Pooling doesn't count its padding, as in the authors' release
/// (TensorFlow's research/slim/nets/nasnet).
struct NASNet: BackboneNetwork {
  /// A sequence of cells.
  struct CellRow {
    /// Whether the cell halves the map.
    let reduces: Bool
    /// Channels of each of its branches.
    let filters: Int
    /// Repetitions.
    let n: Int
  }

  // swift-format-ignore
  /// Figure 2 on the right and appendix A.4: the first two cells follow the first convolution.
  static let cells: [CellRow] = [
    //                                           input
    .init(reduces: true,  filters:  11, n: 1),  // 111 x 111 x 32
    .init(reduces: true,  filters:  22, n: 1),  //  56 x  56 x 44
    .init(reduces: false, filters:  44, n: 4),  //  28 x  28 x 88
    .init(reduces: true,  filters:  88, n: 1),  //  28 x  28 x 264
    .init(reduces: false, filters:  88, n: 4),  //  14 x  14 x 352
    .init(reduces: true,  filters: 176, n: 1),  //  14 x  14 x 528
    .init(reduces: false, filters: 176, n: 4),  //   7 x   7 x 704
  ]
  /// Channels of the first convolution.
  static let stem = 32

  let title = "NASNet-A Mobile, figures 2 and 4 of Zoph et al. 2018, arXiv:1707.07012"
  let columns = ["operator", "c", "n", "s"]
  /// The last map of stride 16.
  let detectorCut: DetectorCut? = .afterModule("cell_10")
  let hasReducedTail = false
  let widths: [Double]? = [1]

  func appendFeatures(to builder: inout BackboneBuilder) {
    builder.row(["conv 3x3", "\(Self.stem)", "1", "2"]) {
      $0.convolution(
        $0.module("conv0"), Self.stem, Window(kernel: 3, stride: 2, padding: .valid))
      $0.endModule("conv0")
    }
    var previous = builder.x
    var number = 0
    for row in Self.cells {
      let name = row.reduces ? "reduction cell" : "normal cell"
      builder.row([name, "\(row.filters)", "\(row.n)", row.reduces ? "2" : "1"]) {
        for _ in 0..<row.n {
          let input = $0.x
          $0.cell("cell_\(number)", row, previous)
          previous = input
          number += 1
        }
      }
    }
    builder.row(["relu", "-", "1", "1"]) {
      $0.x = $0.graph.activation($0.x, $0.module("relu"), .relu)
      $0.endModule("relu")
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("avgpool") }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("fc", channels: classes) }
  }
}

extension BackboneBuilder {
  /// Appends a cell, which reads the outputs of the two cells before it.
  fileprivate mutating func cell(_ name: String, _ row: NASNet.CellRow, _ previous: Value) {
    let path = module(name)
    let input = x
    let p = adjusted(previous, to: input.shape, row.filters, "\(path).adjust")
    x = graph.activation(input, "\(path).relu", .relu)
    convolution("\(path).conv_1x1", row.filters, Window(kernel: 1))
    let h = x
    x = graph.concatenate(
      row.reduces
        ? reductionBranches(path, h, p, row.filters) : normalBranches(path, h, p, row.filters),
      "\(path).concatenate")
    endModule(name)
  }

  /// Figure 4 on the left; the previous cell's output is part of the result.
  private mutating func normalBranches(
    _ path: String, _ h: Value, _ p: Value, _ filters: Int
  ) -> [Value] {
    let first = sum(
      separables(h, "\(path).0.left", filters, 5), separables(p, "\(path).0.right", filters, 3),
      "\(path).0")
    let second = sum(
      separables(p, "\(path).1.left", filters, 5), separables(p, "\(path).1.right", filters, 3),
      "\(path).1")
    let third = sum(averagePool(h, "\(path).2.left"), p, "\(path).2")
    let mean = averagePool(p, "\(path).3.left")
    let fourth = sum(mean, mean, "\(path).3")
    let fifth = sum(separables(h, "\(path).4.left", filters, 3), h, "\(path).4")
    return [p, first, second, third, fourth, fifth]
  }

  /// Figure 4 on the right.
  private mutating func reductionBranches(
    _ path: String, _ h: Value, _ p: Value, _ filters: Int
  ) -> [Value] {
    let first = sum(
      separables(h, "\(path).0.left", filters, 5, stride: 2),
      separables(p, "\(path).0.right", filters, 7, stride: 2), "\(path).0")
    let largest = graph.maxPool(h, "\(path).1.left", window: window(3, 2))
    let second = sum(
      largest, separables(p, "\(path).1.right", filters, 7, stride: 2), "\(path).1")
    let third = sum(
      averagePool(h, "\(path).2.left", stride: 2),
      separables(p, "\(path).2.right", filters, 5, stride: 2), "\(path).2")
    let fourth = sum(averagePool(first, "\(path).3.left"), second, "\(path).3")
    let fifth = sum(separables(first, "\(path).4.left", filters, 3), largest, "\(path).4")
    return [second, third, fourth, fifth]
  }

  private mutating func sum(_ a: Value, _ b: Value, _ path: String) -> Value {
    graph.add(a, b, "\(path).add")
  }

  private mutating func averagePool(_ x: Value, _ path: String, stride: Int = 1) -> Value {
    graph.averagePool(x, path, window: window(3, stride))
  }

  /// Twice ReLU and a separable convolution; only the first has the stride.
  private mutating func separables(
    _ input: Value, _ path: String, _ filters: Int, _ kernel: Int, stride: Int = 1
  ) -> Value {
    x = graph.activation(input, "\(path).relu", .relu)
    separable("\(path).1", filters, kernel, stride, .relu)
    separable("\(path).2", filters, kernel, 1, .none)
    return x
  }

  private mutating func separable(
    _ path: String, _ filters: Int, _ kernel: Int, _ stride: Int, _ activation: Activation
  ) {
    x = graph.depthwise(x, "\(path).depthwise", window: window(kernel, stride))
    leaveOutBiases(x.shape.channels)
    x = graph.convolution(
      x, "\(path).pointwise.0", outputChannels: filters, activation: activation)
    countBatchNorm(filters)
  }

  /// The output of the cell before the last one with the size of `shape` and `filters` channels.
  ///
  /// A map that is twice as large is halved by two 1x1 convolutions of stride 2, the second of
  /// which starts one pixel further down and right; what it reads beyond the map is zero.
  private mutating func adjusted(
    _ previous: Value, to shape: Shape, _ filters: Int, _ path: String
  ) -> Value {
    let isSmaller = (previous.shape.height, previous.shape.width) != (shape.height, shape.width)
    guard isSmaller || previous.shape.channels != filters, previous.index != x.index else {
      return previous
    }
    let active = graph.activation(previous, "\(path).relu", .relu)
    x = active
    guard isSmaller else {
      convolution("\(path).conv", filters, Window(kernel: 1))
      return x
    }
    let shifted = graph.pad(
      active, "\(path).shift", Border(top: -1, left: -1, bottom: 1, right: 1))
    let halves = [("path_1", active), ("path_2", shifted)].map { name, half in
      graph.convolution(
        half, "\(path).\(name)", outputChannels: filters / 2,
        window: Window(kernel: 1, stride: 2, padding: .valid))
    }
    countBatchNorm(filters)
    x = graph.concatenate(halves, "\(path).concatenate")
    return x
  }

  /// A convolution with batch norm and no activation.
  fileprivate mutating func convolution(_ path: String, _ channels: Int, _ window: Window) {
    x = graph.convolution(x, "\(path).0", outputChannels: channels, window: window)
    countBatchNorm(channels)
  }
}
