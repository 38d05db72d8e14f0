extension Graph {
  /// Evens out the magnitudes of the channels between two layers, so that one quantisation step
  /// suits all of them.
  ///
  /// Each channel is divided by a factor in the first layer's weights and multiplied by it in the
  /// second's, which does not change what the network computes: cross-layer equalisation (Nagel et
  /// al. 2019, arXiv:1906.04721, section 4.1). Weights have a scale for each output channel here,
  /// so only the feature map's channels need it. A depthwise layer takes any factor at no cost;
  /// elsewhere the factor is the square root of the channel's magnitude over that of the weights
  /// that read it. If ReLU6 follows the first layer, channels that reach its bound are left alone,
  /// and the others keep a distance from it.
  ///
  /// - Parameters:
  ///   - channels: Statistics of each map on calibration images, by the name of the node that
  ///     writes it.
  ///   - weights: Returns the values of a tensor, given its name and its shape in PyTorch's order.
  /// - Returns: The tensors that change, and how many feature maps were equalised.
  /// - Throws: Whatever `weights` throws.
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

  /// Pairs of layers that a factor can be moved between: the activation allows it, and only the
  /// second layer reads the map between them.
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

/// Weights in PyTorch's order, addressed by input channel.
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

/// The divisor of each channel, such that the largest magnitude stays the same.
private func equalizingFactors(
  _ magnitudes: [Float], incoming: [Float]?, isBounded: Bool
) -> [Float] {
  /// Larger factors would amplify the rounding of values that calibration did not see.
  let most: Float = 16
  /// Headroom below the bound for values that calibration did not see.
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
    // 5.99, because with rounding errors the maximum may stay just below the bound.
    if magnitude >= 5.99 { return 1 }
    return max(bounded, min(1, headroom * magnitude / 6))
  }
}
