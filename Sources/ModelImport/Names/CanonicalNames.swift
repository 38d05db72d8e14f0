internal import Layers
internal import Models

extension ImportSource {
  /// Renames the tensors to torchvision's module paths, whatever names the file uses.
  ///
  /// - Throws: ``ModelFileError`` with `unknown_tensor` for a name that does not follow the file's
  ///   naming.
  mutating func canonicalize() throws(ModelFileError) {
    stripPrefixes()
    if let names = KerasNames(tensors.keys) {
      try rename(names)
      names.complete(&facts)
      addDepthwiseBiases()
    } else if let names = TransformersNames(tensors.keys) {
      try rename(names.canonical)
      names.complete(&facts)
    } else if tensors["conv_13/expand.weight"] != nil {
      try rename(CaffeSSDNames.canonical)
      CaffeSSDNames.complete(&facts)
    } else if let stem = tensors["conv1.weight"], tensors["fire2/squeeze1x1.weight"] != nil {
      let names = CaffeSqueezeNetNames(isFirstRelease: stem.shape.last == 7)
      try rename(names.canonical)
      names.complete(&facts)
    } else if let shape = tensors["classifier.scale.1.weight"]?.shape, let channels = shape.first,
      tensors["classifier.scale.1.bias"] == nil
    {
      // LR-ASPP's gate has no biases.
      tensors["classifier.scale.1.bias"] = SourceTensor(shape: [channels], type: .float32) {
        () throws(ModelFileError) in [Float](repeating: 0, count: channels)
      }
    } else if tensors["conv_stem.weight"] != nil {
      let names = TimmNames(tensors.keys)
      try rename(names.canonical)
      // timm trains with PyTorch's own epsilon, whatever the network.
      facts.batchNormEpsilon = 1e-5
    } else if tensors["block1.rep.0.conv1.weight"] != nil {
      try rename(XceptionNames.canonical)
      XceptionNames.complete(&facts)
      addDepthwiseBiases()
    } else if let scale = tensors.removeValue(forKey: "backbone.scale_weight"),
      let channels = scale.shape.first
    {
      // A parameter of its own in torchvision's SSD300, a layer without biases here.
      tensors["backbone.scale_weight.weight"] = scale.reshaped([channels, 1, 1, 1])
      tensors["backbone.scale_weight.bias"] = .zeros(channels)
    } else if tensors["first_conv.0.weight"] != nil, tensors["classifier.0.bias"] == nil,
      let classes = tensors["classifier.0.weight"]?.shape.first
    {
      // The authors' ShuffleNet has no biases in its classifier.
      tensors["classifier.0.bias"] = .zeros(classes)
    }
  }

  /// Xception's separable convolutions have one batch norm, after both of their layers.
  private mutating func addDepthwiseBiases() {
    for (name, tensor) in tensors where name.hasSuffix(".depthwise.weight") {
      tensors["\(name.dropLast(".weight".count)).bias"] = .zeros(tensor.shape.first ?? 0)
    }
  }

  /// Renames every tensor as PyTorch would, and gives its axes PyTorch's order.
  private mutating func rename(_ names: KerasNames) throws(ModelFileError) {
    var renamed: [String: SourceTensor] = [:]
    for (name, tensor) in tensors {
      // An optimiser's state belongs to training.
      if name.hasPrefix("optimizer_weights/") || name.hasPrefix("optimizer/") { continue }
      guard let found = names.canonical(name, rank: tensor.shape.count) else {
        throw noSuchTensor(name)
      }
      guard renamed.updateValue(tensor.permuted(found.axes), forKey: found.name) == nil else {
        throw twice(found.name)
      }
    }
    tensors = renamed
  }

  private func noSuchTensor(_ name: String) -> ModelFileError {
    ModelFileError(
      .unknownTensor, path: path, message: "The network has no tensor \(name).",
      remedy: "Check that the file contains the weights of a network that can be imported.")
  }

  private func twice(_ name: String) -> ModelFileError {
    ModelFileError(
      .unknownTensor, path: path, message: "Two tensors map to \(name).",
      remedy: "Check that the file contains the weights of a single network.")
  }

  /// Removes the prefixes that wrappers add to every name.
  private mutating func stripPrefixes() {
    for prefix in ["_orig_mod.", "module.", "model.", "_orig_mod."] {
      guard !tensors.isEmpty, tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) else { continue }
      tensors = Dictionary(
        uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }
  }

  /// Renames every layer; `canonical` takes the layer's name without `.weight`, `.bias` and so on.
  private mutating func rename(_ canonical: (String) -> String?) throws(ModelFileError) {
    var renamed: [String: SourceTensor] = [:]
    for (name, tensor) in tensors where !name.hasSuffix(".num_batches_tracked") {
      guard let dot = name.lastIndex(of: "."), let layer = canonical(String(name[..<dot])) else {
        throw noSuchTensor(name)
      }
      guard renamed.updateValue(tensor, forKey: layer + name[dot...]) == nil else {
        throw twice(layer + name[dot...])
      }
    }
    tensors = renamed
    var windows: [String: LayerWindow] = [:]
    for (name, window) in facts.windows {
      if let layer = canonical(name) { windows[layer] = window }
    }
    facts.windows = windows
    var inputScales: [String: Float] = [:]
    for (name, scale) in facts.inputScales {
      if let layer = canonical(name) { inputScales[layer] = scale }
    }
    facts.inputScales = inputScales
  }
}
