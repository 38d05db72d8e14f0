internal import StreamDetect

/// Writes an image of noise into the input.
func fillWithNoise(_ session: Session) {
  var random = SeededGenerator(seed: 2)
  session.withInput { input in
    for index in input.indices { input[index] = Float.random(in: -1...1, using: &random) }
  }
}

/// Writes the tensor `input` of the file at `path`, `[1, channels, height, width]` and already
/// normalised, into the input.
///
/// - Throws: `SafetensorsError`, or `ProgramError` where the file has no such tensor of that size.
func fill(_ session: Session, from path: String) throws {
  let shape = session.network.graph.input.shape
  let wanted = [1, shape.channels, shape.height, shape.width]
  guard let tensor = try SafetensorsFile(path: path).tensor("input"), tensor.shape == wanted else {
    throw ProgramError(
      .usage, path, "it has no tensor 'input' of the shape \(wanted)",
      remedy: "Write one: normalised, batch, channels, rows, columns")
  }
  let numbers = tensor.floats()
  session.withInput { input in
    for pixel in 0..<shape.pixels {
      for channel in 0..<shape.channels {
        input[pixel * shape.channels + channel] = numbers[channel * shape.pixels + pixel]
      }
    }
  }
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
