internal import Layers

extension Session {
  /// Sets the input to an image of noise, the same every time.
  func fillWithNoise(_ normalization: Normalization) {
    var random = SeededGenerator(seed: 2)
    let image = (0..<network.graph.input.shape.count).map { _ in
      UInt8.random(in: .min ... .max, using: &random)
    }
    setInput(rgb: image.span, normalization)
  }

  /// Sets the input to the tensor `input` of a safetensors file: `[1, channels, height, width]`,
  /// already normalised.
  ///
  /// A tensor that was made from pixels is set as those pixels.
  ///
  /// - Throws: `BenchmarkError` if the file cannot be read or has no such tensor.
  func readInput(from path: String, _ normalization: Normalization) throws(BenchmarkError) {
    let shape = network.graph.input.shape
    let wanted = [1, shape.channels, shape.height, shape.width]
    let file: SafetensorsFile
    do throws(SafetensorsError) {
      file = try SafetensorsFile(path: path)
    } catch {
      throw .unreadableInput(error)
    }
    guard let tensor = file.tensor("input"), tensor.shape == wanted else {
      throw .noInput(path: path, shape: wanted)
    }
    let values = tensor.floats()
    if let rgb = pixels(values, normalization) {
      setInput(rgb: rgb.span, normalization)
      return
    }
    withInput { input in
      for pixel in 0..<shape.pixels {
        for channel in 0..<shape.channels {
          input[pixel * shape.channels + channel] = values[channel * shape.pixels + pixel]
        }
      }
    }
  }

  /// Writes the outputs of the last run to a safetensors file, one tensor each.
  ///
  /// - Throws: `BenchmarkError` if the file cannot be written.
  func writeOutputs(to path: String) throws(BenchmarkError) {
    let tensors = network.outputs.map { output in
      WritableTensor(
        name: output.name, shape: output.shape,
        withOutput(output.name) { span in span.indices.map { span[$0] } })
    }
    do throws(SafetensorsError) {
      try SafetensorsFile.write(to: path, tensors: tensors)
    } catch {
      throw .unwritableOutputs(error)
    }
  }
}

/// The pixels, red first, whose normalised colours are the three planes in `values`; `nil` if they
/// are not from pixels.
private func pixels(_ values: [Float], _ normalization: Normalization) -> [UInt8]? {
  let count = values.count / 3
  guard values.count == 3 * count else { return nil }
  var rgb = [UInt8](repeating: 0, count: values.count)
  let order = normalization.order == .rgb ? [0, 1, 2] : [2, 1, 0]
  for (channel, color) in order.enumerated() {
    for pixel in 0..<count {
      let value =
        values[channel * count + pixel] / normalization.scale[channel]
        + normalization.mean[channel]
      guard let byte = UInt8(exactly: value.rounded()), abs(value - value.rounded()) < 0.01
      else { return nil }
      rgb[pixel * 3 + color] = byte
    }
  }
  return rgb
}
