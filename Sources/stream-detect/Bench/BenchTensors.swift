internal import Layers

/// Writes an image of noise into the input.
func fillWithNoise(_ session: Session, _ normalization: Normalization) {
  var random = SeededGenerator(seed: 2)
  let shape = session.network.graph.input.shape
  let image = (0..<shape.count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  session.setInput(rgb: image.span, normalization)
}

/// Writes the tensor `input` of the file at `path`, `[1, channels, height, width]` and already
/// normalised, into the input; as pixels where it was made from some.
///
/// - Throws: `SafetensorsError`, or `ProgramError` where the file has no such tensor of that size.
func fill(_ session: Session, from path: String, _ normalization: Normalization) throws {
  let shape = session.network.graph.input.shape
  let wanted = [1, shape.channels, shape.height, shape.width]
  guard let tensor = try SafetensorsFile(path: path).tensor("input"), tensor.shape == wanted else {
    throw ProgramError(
      .usage, path, "it has no tensor 'input' of the shape \(wanted)",
      remedy: "Write one: normalised, batch, channels, rows, columns")
  }
  let numbers = tensor.floats()
  if let rgb = pixels(numbers, normalization) {
    session.setInput(rgb: rgb.span, normalization)
    return
  }
  session.withInput { input in
    for pixel in 0..<shape.pixels {
      for channel in 0..<shape.channels {
        input[pixel * shape.channels + channel] = numbers[channel * shape.pixels + pixel]
      }
    }
  }
}

/// The pixels, red first, whose normalised colours are the three planes in `numbers`; `nil` where there are
/// none.
private func pixels(_ numbers: [Float], _ normalization: Normalization) -> [UInt8]? {
  let count = numbers.count / 3
  guard numbers.count == 3 * count else { return nil }
  var rgb = [UInt8](repeating: 0, count: numbers.count)
  let order = normalization.order == .rgb ? [0, 1, 2] : [2, 1, 0]
  for (channel, color) in order.enumerated() {
    for pixel in 0..<count {
      let value =
        numbers[channel * count + pixel] / normalization.scale[channel]
        + normalization.mean[channel]
      guard let byte = UInt8(exactly: value.rounded()), abs(value - value.rounded()) < 0.01
      else { return nil }
      rgb[pixel * 3 + color] = byte
    }
  }
  return rgb
}

/// Writes what the last run computed to `path`, a tensor for each output of the network.
///
/// - Throws: `SafetensorsError`.
func writeOutputs(of session: Session, to path: String) throws {
  let tensors = session.network.outputs.map { output in
    WritableTensor(
      name: output.name, shape: output.shape,
      session.withOutput(output.name) { span in span.indices.map { span[$0] } })
  }
  try SafetensorsFile.write(to: path, tensors: tensors)
}
