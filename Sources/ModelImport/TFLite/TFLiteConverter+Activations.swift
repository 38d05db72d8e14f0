internal import Models
internal import Layers

/// The activation at the end of an operator.
struct TFLiteActivation {
  /// Name of the operator's result before its activation.
  var name: String
  /// The activation, if there is one.
  var node: ONNXNode?

  /// Appends the activation.
  func finish(_ target: inout ChannelsLast) throws(ModelFileError) {
    if let node { try target.appendElementwise(node) }
  }
}

extension TFLiteConverter {
  /// The activation `code` of `node`, or that which the range of its result implies.
  ///
  /// The result of a quantised operator is cut to the range of its bytes, and converters leave out
  /// a ReLU or ReLU6 that does nothing else. Pools and concatenations need no such cut
  /// (`impliesRange`), as their values were cut before.
  mutating func activated(
    _ node: TFLiteOperator, _ output: Int, _ code: Int, impliesRange: Bool = true
  ) throws(ModelFileError) -> TFLiteActivation {
    var upper: Float
    switch code {
    case 0:
      guard impliesRange, let range = model.tensors[output].activation, range.zero == 0 else {
        return TFLiteActivation(name: key(output))
      }
      upper = range.scale * 255
      // A ReLU6 that was quantised to 255 steps.
      upper = abs(upper - 6) < 0.05 ? 6 : .greatestFiniteMagnitude
    case 1: upper = .greatestFiniteMagnitude
    case 3: upper = 6
    default: throw fault(node, "ends with the activation \(code), which is not supported")
    }
    let inner = target.intermediate(key(output))
    return TFLiteActivation(
      name: inner,
      node: ONNXNode(
        "Clip", named: title(output), [inner], output: key(output), Self.clip(0, upper)))
  }

  /// Keeps how the weights `index` of the layer that computes `result` were rounded.
  mutating func noteSteps(of index: Int, computing result: String) {
    guard model.tensors[index].format?.byteOffset != nil,
      let quantization = model.tensors[index].quantization,
      let layer = target.converter.tensors[result]?.value,
      let weight = target.converter.weights[layer]
    else { return }
    let outputs = weight.shape[0]
    let count = weight.weight.count / outputs
    let steps = quantization.scales
    var rounding = WeightRounding(steps: steps)
    rounding.wide = (0..<outputs).filter { channel in
      let most = Double(steps[steps.count == 1 ? 0 : channel]) * 127.5
      return weight.weight[channel * count..<(channel + 1) * count].contains { abs($0) > most }
    }
    // Each takes a little time of its own; layers with many would be slow.
    if rounding.wide.count > 8 + outputs / 32 || count > WeightRounding.longest {
      rounding.wide = []
    }
    weights[layer] = rounding
  }

  // MARK: Errors

  func fault(_ node: TFLiteOperator, _ message: String) -> ModelFileError {
    let output = node.outputs.first.map(title) ?? ""
    return ModelFileError(
      .unknownLayer, path: path,
      message: "The operator \(Self.name(of: node)) for \(output.prefix(200)) \(message).",
      remedy: "Convert the network without it; docs/tflite.md says what is supported.")
  }

  func unsupported(_ node: TFLiteOperator) -> ModelFileError {
    fault(node, "is not supported")
  }

  /// The operator's name in the schema, or its number.
  static func name(of node: TFLiteOperator) -> String {
    let names = [
      0: "ADD", 1: "AVERAGE_POOL_2D", 2: "CONCATENATION", 3: "CONV_2D", 4: "DEPTHWISE_CONV_2D",
      dequantize: "DEQUANTIZE", 9: "FULLY_CONNECTED", logistic: "LOGISTIC", 17: "MAX_POOL_2D",
      18: "MUL", 19: "RELU", 21: "RELU6", 22: "RESHAPE", softmax: "SOFTMAX", 34: "PAD", 40: "MEAN",
      41: "SUB", 42: "DIV", 43: "SQUEEZE", quantize: "QUANTIZE", 117: "HARD_SWISH",
    ]
    return names[node.code] ?? (node.code == 32 ? "\(node.customName.prefix(60))" : "\(node.code)")
  }
}
