extension Graph {
  /// Biases corrected for the shift that rounding the weights causes.
  ///
  /// The rounding errors of a channel's few weights do not cancel out. They shift the output's mean
  /// by the inputs' means times those errors: bias correction (Nagel et al. 2019, arXiv:1906.04721,
  /// section 4.2), with the means of calibration images.
  ///
  /// - Parameters:
  ///   - channels: Statistics of each map on calibration images, by the name of the node that
  ///     writes it.
  ///   - inputChannels: The same for the network's input.
  ///   - roundings: How layers' weights are rounded that have steps of their own.
  ///   - weights: Returns the values of a tensor, given its name and its shape in PyTorch's order.
  /// - Returns: The corrected biases of the layers whose inputs have known means.
  /// - Throws: Whatever `weights` throws.
  public func correctedBiases(
    channels: [String: [ChannelStatistics]], inputChannels: [ChannelStatistics],
    roundings: [String: WeightRounding] = [:],
    weights: (String, [Int]) throws -> [Float]
  ) throws -> [String: [Float]] {
    var means: [Int: [Float]] = [input.index: inputChannels.map(\.mean)]
    for node in nodes { means[node.output.index] = channels[node.name]?.map(\.mean) }
    var biases: [String: [Float]] = [:]
    for node in nodes {
      guard let shape = node.weightShape, let means = means[node.inputs[0].index] else { continue }
      let isDepthwise: Bool
      switch node.operation {
      case .convolution: isDepthwise = false
      case .depthwise: isDepthwise = true
      default: continue
      }
      let exact = try weights("\(node.name).weight", shape)
      let rounded = fakeQuantized(exact, shape: shape, roundings[node.name])
      var bias = try weights("\(node.name).bias", [shape[0]])
      let (inputs, taps) = (shape[1], shape[2] * shape[3])
      for output in bias.indices {
        var shift = 0.0
        for position in 0..<inputs * taps {
          let index = output * inputs * taps + position
          let mean = means[isDepthwise ? output : position / taps]
          shift += Double(exact[index] - rounded[index]) * Double(mean)
        }
        bias[output] += Float(shift)
      }
      biases["\(node.name).bias"] = bias
    }
    return biases
  }
}
