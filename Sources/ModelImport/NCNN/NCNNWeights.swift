internal import Models
internal import Layers

/// Reads the `.bin` file of an ncnn model: the weights of every layer, in the order of the `.param`
/// file.
///
/// Weights start with a tag that gives their format; biases and scales are plain F32 (ncnn's
/// `ModelBin::load` and each layer's `load_model`).
struct NCNNWeights {
  private let file: MappedFile
  private var position = 0

  init(_ file: MappedFile) { self.file = file }

  /// The tensors of a layer.
  struct Tensors {
    var weight: SourceTensor
    var bias: SourceTensor
    /// Steps per unit of the input, if the layer computes with 8-bit integers.
    var inputScale: Float?
  }

  /// Reads the tensors of `layer`.
  mutating func read(
    _ layer: NCNNGraph.Layer, shape: [Int], hasBias: Bool
  ) throws(ModelFileError) -> Tensors {
    guard let count = checkedElementCount(shape) else {
      throw fault("The layer \(layer.name) has the impossible shape \(shape).")
    }
    let block = try tagged(count, layer.name)
    let outputs = shape[0]
    let bias =
      hasBias
      ? floats(in: try take(outputs, of: .float32, layer.name), shape: [outputs])
      : SourceTensor(shape: [outputs], type: .float32) { () throws(ModelFileError) in
        [Float](repeating: 0, count: outputs)
      }
    let scaleTerm = layer.integer(8, default: 0)
    var scales: [Float] = []
    var inputScale: Float?
    if scaleTerm != 0 {
      // Depthwise layers with 2 or 102 share one scale; all others have one per output channel.
      let isShared = layer.type == "ConvolutionDepthWise" && scaleTerm % 100 == 2
      scales = try read(isShared ? 1 : outputs, layer.name)
      if isShared { scales = [Float](repeating: scales[0], count: outputs) }
      inputScale = try read(1, layer.name).first
      if scaleTerm > 100 { _ = try read(1, layer.name) }  // of the output: the next layer's input
    }
    guard block.type == .int8 else {
      return Tensors(weight: floats(in: block, shape: shape), bias: bias)
    }
    // A channel of zeros has an infinite scale: 127 / 0.
    guard !scales.isEmpty, scales.allSatisfy({ $0 > 0 }) else {
      throw fault("The layer \(layer.name) has 8-bit weights without scales.")
    }
    return Tensors(
      weight: dequantized(block, scales, shape: shape), bias: bias, inputScale: inputScale)
  }

  /// Checks that the file ends where the last layer's weights do.
  func end() throws(ModelFileError) {
    guard position == file.byteCount else {
      throw fault("\(file.byteCount - position) bytes of the .bin file belong to no layer.")
    }
  }

  func fault(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: file.path, message: message,
      remedy: "Check that the .bin file belongs to this .param file and is complete.")
  }

  // MARK: Blocks

  private struct Block {
    var type: ElementType
    var range: Range<Int>
  }

  private mutating func tagged(_ count: Int, _ name: String) throws(ModelFileError) -> Block {
    let tag = ByteReader(file.copy(try take(1, of: .float32, name).range)).uint32(0) ?? 0
    switch tag {
    case 0, 0x0002_C056: return try take(count, of: .float32, name)
    case 0x0130_6B47: return try take(count, of: .float16, name)
    case 0x000D_4B38: return try take(count, of: .int8, name)
    default:
      throw ModelFileError(
        .unsupportedFormat, path: file.path,
        message: "The layer \(name) stores its weights in the unknown format \(tag).",
        remedy: "Convert the model with ncnnoptimize to FP32 or FP16 storage.")
    }
  }

  /// Skips `count` elements and the bytes up to the next multiple of four.
  private mutating func take(
    _ count: Int, of type: ElementType, _ name: String
  ) throws(ModelFileError) -> Block {
    let (bytes, overflows) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflows, bytes <= file.byteCount - position else {
      throw fault("The .bin file ends inside the layer \(name).")
    }
    let range = position..<position + bytes
    position = min(file.byteCount, position + bytes + (4 - bytes % 4) % 4)
    return Block(type: type, range: range)
  }

  private mutating func read(_ count: Int, _ name: String) throws(ModelFileError) -> [Float] {
    file.withBytes(in: try take(count, of: .float32, name).range) { widen($0, from: .float32) }
  }

  private func floats(in block: Block, shape: [Int]) -> SourceTensor {
    let file = file
    return SourceTensor(shape: shape, type: block.type) { () throws(ModelFileError) in
      file.withBytes(in: block.range) { widen($0, from: block.type) }
    }
  }

  /// The 8-bit weights of each output channel divided by its scale.
  ///
  /// They are rounded to F16, whose 11 bits are more than the original 8: this halves the file.
  private func dequantized(_ block: Block, _ scales: [Float], shape: [Int]) -> SourceTensor {
    let file = file
    return SourceTensor(shape: shape, type: .float16) { () throws(ModelFileError) in
      var values = file.withBytes(in: block.range) { widen($0, from: .int8) }
      let perChannel = values.count / max(scales.count, 1)
      for index in values.indices {
        values[index] = Float(
          halfBits: (values[index] / scales[index / max(perChannel, 1)]).halfBits)
      }
      return values
    }
  }
}
