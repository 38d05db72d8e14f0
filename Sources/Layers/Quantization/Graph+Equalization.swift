extension Graph {
  /// Makes the channels between two layers alike, so that the step of one byte serves all of them.
  ///
  /// A channel is divided by a factor on the way out of the first layer, and multiplied by it on the way into
  /// the second, which changes nothing that the network computes: cross-layer equalisation (Nagel et al.
  /// 2019, arXiv:1906.04721, section 4.1). Weights here have a scale for each output channel, so it is the
  /// feature map's channels that are made alike. A depthwise layer takes any factor at no cost; elsewhere the
  /// factor is the root of the map's channel over that of the weights that read it. Where ReLU6 is between
  /// the layers, channels that reach its bound stay, and the others keep a distance from it.
  ///
  /// - Parameters:
  ///   - channels: What each map holds on calibration images, by the name of the node that writes it.
  ///   - weights: The numbers of a tensor, by its name and its shape in PyTorch's order.
  /// - Returns: The tensors that change, and how many feature maps were equalised.
  /// - Throws: What `weights` throws.
  public func equalized(
    channels: [String: [ChannelStatistics]], weights: (String, [Int]) throws -> [Float]
  ) throws -> (tensors: [String: [Float]], maps: Int) {
    var tensors: [String: [Float]] = [:]
    func current(_ name: String, _ shape: [Int]) throws -> [Float] {
      try tensors[name] ?? weights(name, shape)
    }
    var maps = 0
    for (first, second) in equalizablePairs {
      guard let statistics = channels[first.name], let firstShape = first.weightShape,
        let secondShape = second.weightShape, statistics.count == firstShape[0]
      else { continue }
      var outgoing = try current("\(first.name).weight", firstShape)
      var bias = try current("\(first.name).bias", [firstShape[0]])
      var incoming = try current("\(second.name).weight", secondShape)
      let layout = IncomingWeights(second, secondShape)
      let factors = equalizingFactors(
        statistics.map(\.magnitude),
        incoming: layout.isDepthwise
          ? nil : statistics.indices.map { layout.magnitude(incoming, channel: $0) },
        isBounded: first.operation.activation == .relu6)
      let count = outgoing.count / firstShape[0]
      for (channel, factor) in factors.enumerated() {
        for index in channel * count..<(channel + 1) * count { outgoing[index] /= factor }
        bias[channel] /= factor
        layout.scale(&incoming, channel: channel, by: factor)
      }
      tensors["\(first.name).weight"] = outgoing
      tensors["\(first.name).bias"] = bias
      tensors["\(second.name).weight"] = incoming
      maps += 1
    }
    return (tensors, maps)
  }

  /// Layers that follow each other with nothing between them that would notice a factor, and nobody else
  /// who reads what is between.
  private var equalizablePairs: [(Node, Node)] {
    let results = Set(outputs.flatMap { $0.values.map(\.index) })
    return nodes.compactMap { first in
      switch first.operation {
      case .convolution, .depthwise: break
      default: return nil
      }
      switch first.operation.activation {
      case .none, .relu, .relu6: break
      case .hardSwish, .hardSigmoid: return nil
      }
      let readers = nodes.filter { $0.inputs.contains(first.output) }
      guard readers.count == 1, !results.contains(first.output.index) else { return nil }
      switch readers[0].operation {
      case .convolution, .depthwise: return (first, readers[0])
      default: return nil
      }
    }
  }
}

/// Weights in PyTorch's order by the channel that they read.
private struct IncomingWeights {
  let isDepthwise: Bool
  private let outputs, inputs, taps: Int

  init(_ node: Node, _ shape: [Int]) {
    if case .depthwise = node.operation { isDepthwise = true } else { isDepthwise = false }
    outputs = isDepthwise ? 1 : shape[0]
    inputs = isDepthwise ? shape[0] : shape[1]
    taps = shape[2] * shape[3]
  }

  private func indices(_ channel: Int) -> some Sequence<Int> {
    (0..<outputs).lazy.flatMap { output in
      let start = (output * inputs + channel) * taps
      return start..<start + taps
    }
  }

  func magnitude(_ weights: [Float], channel: Int) -> Float {
    indices(channel).reduce(0) { max($0, abs(weights[$1])) }
  }

  func scale(_ weights: inout [Float], channel: Int, by factor: Float) {
    for index in indices(channel) { weights[index] *= factor }
  }
}

/// What each channel is divided by, such that the largest stays as large as it is.
private func equalizingFactors(
  _ magnitudes: [Float], incoming: [Float]?, isBounded: Bool
) -> [Float] {
  /// Beyond it rounding of what calibration did not show would be felt.
  let most: Float = 16
  /// Room below the bound for what calibration did not show.
  let headroom: Float = 1.25
  let largest = magnitudes.max() ?? 0
  guard largest > 0 else { return magnitudes.map { _ in 1 } }
  var factors = magnitudes.map { $0 / largest }
  if let incoming {
    factors = zip(magnitudes, incoming).map { $1 > 0 ? ($0 / $1).squareRoot() : 0 }
    let peak = zip(magnitudes, factors).map { $1 > 0 ? $0 / $1 : 0 }.max() ?? 0
    factors = factors.map { $0 * peak / largest }
  }
  return zip(magnitudes, factors).map { magnitude, factor in
    guard magnitude > 0, factor > 0, factor.isFinite else { return 1 }
    let bounded = min(max(factor, 1 / most), most)
    guard isBounded else { return bounded }
    // 5.99: a mean over rounding errors may stay just below the bound.
    if magnitude >= 5.99 { return 1 }
    return max(bounded, min(1, headroom * magnitude / 6))
  }
}
