internal import Models
internal import Layers

/// Collects the tensors of a file that are the weights of a graph, and folds batch norm into them.
///
/// The file's tensors have canonical names: those of torchvision's modules.
struct WeightAssembly {
  /// A mismatch between the file and the graph.
  struct Problem {
    var code: ModelFileError.Code
    var message: String
  }

  /// One node's tensors.
  fileprivate struct Part {
    var node: String
    var shape: [Int]
    var weight: SourceTensor
    var bias: SourceTensor?
    var norm: Norm?
  }

  fileprivate struct Norm {
    var gamma: SourceTensor
    var beta: SourceTensor
    var mean: SourceTensor
    var variance: SourceTensor
  }

  private var parts: [Part] = []
  /// All mismatches; weights can be assembled only if there are none.
  private(set) var problems: [Problem] = []

  init(_ graph: Graph, _ tensors: [String: SourceTensor]) {
    var used: Set<String> = []
    for node in graph.nodes {
      guard let shape = node.weightShape else { continue }
      if let part = part(node.name, shape, tensors, &used) { parts.append(part) }
    }
    for name in tensors.keys.sorted()
    where !used.contains(name) && !name.hasSuffix(".num_batches_tracked") {
      problems.append(Problem(code: .unknownTensor, message: "The network has no tensor \(name)."))
    }
  }

  /// The graph's weights and biases, ready to be written; some layers' batch norms have an epsilon
  /// of their own in `others`.
  ///
  /// - Precondition: There are no ``problems``.
  func tensors(
    epsilon: Double, others: [String: Double] = [:], path: String
  ) throws(ModelFileError) -> [WritableTensor] {
    precondition(problems.isEmpty, "weights that do not match the network cannot be assembled")
    var result: [WritableTensor] = []
    for part in parts {
      let (weight, bias) = try part.folded(epsilon: others[part.node] ?? epsilon)
      guard weight.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else {
        throw ModelFileError(
          .notFinite, path: path,
          message: "The weights of \(part.node) have a value that is not finite.",
          remedy: "The training diverged or the file is damaged; use another checkpoint.")
      }
      let isHalf = part.norm == nil && part.weight.type == .float16
      result.append(
        isHalf
          ? WritableTensor(name: "\(part.node).weight", shape: part.shape, halves: weight)
          : WritableTensor(name: "\(part.node).weight", shape: part.shape, weight))
      result.append(WritableTensor(name: "\(part.node).bias", shape: [part.shape[0]], bias))
    }
    return result
  }

  // MARK: Search

  private mutating func part(
    _ node: String, _ shape: [Int], _ tensors: [String: SourceTensor], _ used: inout Set<String>
  ) -> Part? {
    let channels = [shape[0]]
    guard let weight = take("\(node).weight", shape, tensors, &used) else { return nil }
    var bias: SourceTensor?
    if tensors["\(node).bias"] != nil {
      guard let found = take("\(node).bias", channels, tensors, &used) else { return nil }
      bias = found
    }
    var part = Part(node: node, shape: shape, weight: weight, bias: bias)
    if let sibling = sibling(of: node), tensors["\(sibling).running_var"] != nil {
      guard let gamma = take("\(sibling).weight", channels, tensors, &used),
        let beta = take("\(sibling).bias", channels, tensors, &used),
        let mean = take("\(sibling).running_mean", channels, tensors, &used),
        let variance = take("\(sibling).running_var", channels, tensors, &used)
      else { return nil }
      part.norm = Norm(gamma: gamma, beta: beta, mean: mean, variance: variance)
    } else if bias == nil {
      problems.append(
        Problem(
          code: .missingTensor,
          message: "The tensor \(node).bias is missing, and no batch norm follows \(node)."))
    }
    return part
  }

  private mutating func take(
    _ name: String, _ shape: [Int], _ tensors: [String: SourceTensor], _ used: inout Set<String>
  ) -> SourceTensor? {
    guard let tensor = tensors[name] else {
      problems.append(Problem(code: .missingTensor, message: "The tensor \(name) is missing."))
      return nil
    }
    used.insert(name)
    guard tensor.shape == shape || isLinear(tensor.shape, shape) else {
      problems.append(
        Problem(
          code: .wrongShape,
          message: "The tensor \(name) has the shape \(tensor.shape); the network needs \(shape)."))
      return nil
    }
    return tensor
  }

  /// Whether the shape is that of a linear layer, stored as `[out, in]` and run as a convolution
  /// whose window is the whole map.
  private func isLinear(_ found: [Int], _ needed: [Int]) -> Bool {
    guard found.count == 2, needed.count == 4, found[0] == needed[0] else { return false }
    return found[1] == needed[1...].reduce(1, *)
  }

  /// The batch norm after `node`: the next module in its list (`features.0.1` after
  /// `features.0.0`), or the one with the same number (`layer1.0.bn2` after `layer1.0.conv2`).
  private func sibling(of node: String) -> String? {
    let start = node.lastIndex(of: ".").map(node.index(after:)) ?? node.startIndex
    let (path, name) = (node[..<start], node[start...])
    if let index = Int(name) { return "\(path)\(index + 1)" }
    return name.hasPrefix("conv") ? "\(path)bn\(name.dropFirst("conv".count))" : nil
  }
}

extension WeightAssembly.Part {
  /// Weights and biases with the batch norm folded in, computed in `Double`.
  ///
  /// `y = gamma * (w x + b - mean) / sqrt(variance + epsilon) + beta`
  /// (Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 2).
  fileprivate func folded(
    epsilon: Double
  ) throws(ModelFileError) -> (weight: [Float], bias: [Float]) {
    var weight = try weight.read()
    var bias = try bias?.read() ?? [Float](repeating: 0, count: shape[0])
    guard let norm else { return (weight, bias) }
    let gamma = try norm.gamma.read()
    let beta = try norm.beta.read()
    let mean = try norm.mean.read()
    let variance = try norm.variance.read()
    let perChannel = weight.count / shape[0]
    for channel in 0..<shape[0] {
      let factor = Double(gamma[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      for index in channel * perChannel..<(channel + 1) * perChannel {
        weight[index] = Float(Double(weight[index]) * factor)
      }
      bias[channel] = Float(
        Double(beta[channel]) + (Double(bias[channel]) - Double(mean[channel])) * factor)
    }
    return (weight, bias)
  }
}

extension WritableTensor {
  /// Creates an F16 tensor from values that are exact in F16.
  fileprivate init(name: String, shape: [Int], halves: [Float]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(halves.count * 2)
    for value in halves {
      let bits = value.halfBits
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    self.init(name: name, type: .float16, shape: shape, bytes: bytes)
  }
}
