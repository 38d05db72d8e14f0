internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

/// One tensor of a file that is being imported.
struct SourceTensor: Sendable {
  /// Dimensions, slowest first.
  let shape: [Int]
  /// Format of the elements in the file.
  let type: ElementType
  /// Reads the elements.
  ///
  /// Called only after the shape was found to match, so that a wrong shape costs nothing.
  let read: @Sendable () throws(ModelFileError) -> [Float]

  init(
    shape: [Int], type: ElementType, read: @escaping @Sendable () throws(ModelFileError) -> [Float]
  ) {
    self.shape = shape
    self.type = type
    self.read = read
  }

  init(_ tensor: StoredTensor) {
    self.init(shape: tensor.shape, type: tensor.type) { () throws(ModelFileError) in
      tensor.floats()
    }
  }

  /// The same elements in another shape, which has as many.
  func reshaped(_ shape: [Int]) -> SourceTensor {
    SourceTensor(shape: shape, type: type, read: read)
  }

  /// The same elements with another order of the axes: the first is the axis `axes[0]` of this one.
  ///
  /// - Precondition: `axes` has each axis once.
  func permuted(_ axes: [Int]) -> SourceTensor {
    guard axes != Array(shape.indices) else { return self }
    let result = axes.map { shape[$0] }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let steps = axes.map { strides[$0] }
    let read = read
    return SourceTensor(shape: result, type: type) { () throws(ModelFileError) in
      let values = try read()
      return StridedPositions(shape: result, strides: steps).map { values[$0] }
    }
  }

  /// The biases of a layer that has none in the file.
  static func zeros(_ count: Int) -> SourceTensor {
    SourceTensor(shape: [count], type: .float32) { () throws(ModelFileError) in
      [Float](repeating: 0, count: count)
    }
  }
}

/// Everything that was read from a file to import.
struct ImportSource: Sendable {
  /// The file, as the user named it.
  let path: String
  /// The kind of the file, for people.
  let kind: String
  /// Tensors by name (`X.weight`, `X.bias`, …).
  var tensors: [String: SourceTensor]
  /// What the file states beyond its tensors.
  var facts = ImportFacts()
}

/// What a file states about its network beyond the tensors; `nil` where it states nothing.
struct ImportFacts: Sendable {
  var architecture: ImportArchitecture?
  var inputSize: (height: Int, width: Int)?
  var normalization: Normalization?
  var padding: PaddingConvention?
  var priors: PriorSpecification?
  var boxCoder: BoxCoder?
  var scoring: Scoring?
  var scoreThreshold: Float?
  var iouThreshold: Float?
  var maximumDetections: Int?
  var batchNormEpsilon: Double?
  /// The windows of the layers, by the name of the layer.
  var windows: [String: LayerWindow] = [:]
  /// Steps per unit of a layer's input, by the name of the layer, if its input is in 8-bit
  /// integers.
  var inputScales: [String: Float] = [:]
}

/// The window of a convolution, as the file states it.
struct LayerWindow: Hashable, Sendable {
  var kernel: Int
  var stride: Int
  /// Zeros before the first pixel.
  var pad: Int
}
