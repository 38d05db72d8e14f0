package import Layers

/// Appends the layers of a network one after the other and records the rows of its table.
package struct BackboneBuilder {
  /// The operators so far.
  package var graph: GraphBuilder
  /// The feature map that the next layer reads.
  package var x: Value
  /// Rows of the table so far.
  package private(set) var rows: [NetworkTable.Row] = []
  /// The map of stride 16 that a detector reads, once its block has been appended.
  package private(set) var firstMap: Value?

  /// Factor on the number of channels.
  package let widthMultiplier: Double
  /// Whether the last stage has half its channels (torchvision's `_reduced_tail`).
  package let reducedTail: Bool
  /// Padding of all padded windows.
  package let padding: Padding
  /// Zeros around the input of SqueezeNet's last convolution.
  package var classifierPadding = 0

  /// Whether the stage of stride 32 keeps stride 16, and its windows are dilated instead.
  var dilatesLastStage: Bool { names == .segmenter }

  private let names: FeatureNames
  private var blocks = 0
  private var normalizedChannels = 0

  /// Starts with an image.
  ///
  /// - Throws: ``SpecificationError`` if the width multiplier or the input size is out of range.
  package init(
    backbone: BackboneKind, widthMultiplier: Double, reducedTail: Bool = false, inputHeight: Int,
    inputWidth: Int, padding: PaddingConvention, names: FeatureNames
  ) throws(SpecificationError) {
    // NaN is never in range.
    guard SpecificationLimits.widths.contains(widthMultiplier) else {
      throw .width(widthMultiplier)
    }
    if let widths = backbone.network.widths, !widths.contains(widthMultiplier) {
      throw .fixedWidth(backbone, width: widthMultiplier)
    }
    let sides = SpecificationLimits.sides
    guard sides.contains(inputHeight), sides.contains(inputWidth) else {
      throw .input(height: inputHeight, width: inputWidth, range: sides)
    }
    graph = GraphBuilder(input: Shape(height: inputHeight, width: inputWidth, channels: 3))
    x = graph.input
    self.widthMultiplier = widthMultiplier
    self.reducedTail = reducedTail
    self.padding = padding.padding
    self.names = names
  }

  /// The paper's number of channels times the width multiplier, rounded to a multiple of 8.
  package func channels(_ paper: Int) -> Int {
    roundedChannels(Double(paper) * widthMultiplier, to: 8)
  }

  /// The paths of the next block.
  mutating func nextBlock(inner: String = "") -> (index: Int, path: BlockPath) {
    defer { blocks += 1 }
    return (blocks, names.block(blocks, inner: inner))
  }

  /// The path of a module that has a name instead of a number.
  func module(_ name: String) -> String { names.module(name) }

  /// Names the current map after the module `name`, and records it as a detector's first one if the
  /// cut is there.
  mutating func endModule(_ name: String) {
    tap(module(name))
    if names == .detector(.afterModule(name)) { noteFirstMap() }
  }

  /// Names the current map after the reference implementation's module that ends here.
  package mutating func tap(_ name: String) {
    graph.tap(x, name)
  }

  /// Records the current map as a detector's first one if the cut is after block `index`.
  mutating func noteCut(afterBlock index: Int) {
    if names == .detector(.after(block: index)) { noteFirstMap() }
  }

  /// Records the current map as a detector's first one if the cut is inside block `index`.
  mutating func noteCut(afterExpansionOfBlock index: Int) {
    if names.cutsExpansion(of: index) { noteFirstMap() }
  }

  private mutating func noteFirstMap() {
    firstMap = x
    tap("backbone.features.0")
  }

  /// Runs `body` and records what it appends as one table row, with `cells` in the paper's columns.
  package mutating func row(_ cells: [String], _ body: (inout Self) -> Void) {
    let input = x.shape
    let nodesBefore = graph.finish().nodes.count
    let normalizedBefore = normalizedChannels
    body(&self)
    let nodes = graph.finish().nodes[nodesBefore...]
    rows.append(
      NetworkTable.Row(
        cells: cells, input: input, output: x.shape,
        parameters: nodes.reduce(0) { $0 + $1.parameters },
        batchNormChannels: normalizedChannels - normalizedBefore,
        multiplyAdds: nodes.reduce(0) { $0 + $1.multiplyAdds }))
  }

  /// Leaves the biases of a layer without any in the reference implementation out of the count of
  /// trainable parameters; here they are zeros.
  mutating func leaveOutBiases(_ channels: Int) {
    normalizedChannels -= channels
  }

  /// Counts a batch norm of `channels` channels that was folded into the layer before.
  mutating func countBatchNorm(_ channels: Int) {
    normalizedChannels += channels
  }
}
