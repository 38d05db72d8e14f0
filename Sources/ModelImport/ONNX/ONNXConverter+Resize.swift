internal import Models
internal import Layers

extension ONNXConverter {
  mutating func resize(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    guard x.shape.count == 4 else {
      throw fault(node, "resizes \(x.shape); only two-dimensional maps are supported")
    }
    // Upsample, and Resize of opset 10, have the scales as the second input; later versions have
    // the region there.
    let isOld = node.type == "Upsample" || opset < 11
    var axes = [0, 1, 2, 3]
    if let given = node.integers("axes") { axes = try normalized(node, given, rank: 4) }
    var scales: [Double] = []
    if isOld {
      if let given = node.floats("scales") {
        scales = given
      } else {
        scales = try constant(node, 1).values
      }
    } else if let given = try optionalConstant(node, 2), !given.values.isEmpty {
      scales = given.values
    }
    var sizes: [Int] = []
    if scales.isEmpty, let given = try optionalIntegers(node, "sizes", 3) { sizes = given }
    guard scales.count == axes.count || sizes.count == axes.count else {
      throw fault(node, "has neither scales nor sizes for \(x.shape)", code: .wrongShape)
    }
    var shape = x.shape
    var factors = [1.0, 1.0, 1.0, 1.0]
    for (index, axis) in axes.enumerated() {
      if scales.isEmpty {
        shape[axis] = sizes[index]
        factors[axis] = Double(sizes[index]) / Double(x.shape[axis])
      } else {
        guard scales[index] > 1e-4, scales[index] < 1e4 else {
          throw fault(
            node, "has the scale \(scales[index]); it must be between 0.0001 and 10000")
        }
        factors[axis] = scales[index]
        shape[axis] = Int(Double(x.shape[axis]) * scales[index])
      }
    }
    guard shape[..<2] == x.shape[..<2], shape.allSatisfy({ (1...1 << 16).contains($0) }) else {
      throw fault(
        node, "resizes \(x.shape) to \(shape); only height and width can be resized, up to 65536")
    }
    let resampling = Resampling(
      height: shape[2], width: shape[3], mode: try mode(node),
      coordinates: try coordinates(node, isOld), rounding: try rounding(node, isOld),
      rowScale: factors[2], columnScale: factors[3])
    let name = hint(node)
    let value = append(name, .resize(resampling), [settled(x, name)], shape)
    return Tensor(value: value, shape: shape)
  }

  private func mode(_ node: ONNXNode) throws(ModelFileError) -> Resampling.Mode {
    guard node.integer("antialias") ?? 0 == 0, node.integer("exclude_outside") ?? 0 == 0,
      (node.text("keep_aspect_ratio_policy") ?? "stretch") == "stretch"
    else {
      throw fault(
        node,
        "uses antialias, exclude_outside or keep_aspect_ratio_policy, which are not supported")
    }
    switch node.text("mode") ?? "nearest" {
    case "nearest": return .nearest
    case "linear", "bilinear": return .linear
    case let other:
      throw fault(node, "has the mode \(other.prefix(30)); nearest and linear are supported")
    }
  }

  private func coordinates(
    _ node: ONNXNode, _ isOld: Bool
  ) throws(ModelFileError) -> Resampling.Coordinates {
    if isOld { return .asymmetric }
    let name = node.text("coordinate_transformation_mode") ?? "half_pixel"
    guard let coordinates = Resampling.Coordinates(rawValue: name) else {
      throw fault(
        node,
        "has the coordinates \(name.prefix(40)); half_pixel, pytorch_half_pixel, asymmetric and "
          + "align_corners are supported")
    }
    return coordinates
  }

  private func rounding(
    _ node: ONNXNode, _ isOld: Bool
  ) throws(ModelFileError) -> Resampling.Rounding {
    if isOld { return .floor }
    let name = node.text("nearest_mode") ?? "round_prefer_floor"
    guard let rounding = Resampling.Rounding(rawValue: name) else {
      throw fault(node, "has the nearest_mode \(name.prefix(40)), which is not supported")
    }
    return rounding
  }
}
