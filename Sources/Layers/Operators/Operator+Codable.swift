extension OperatorNode: Codable {
  /// The operators' words in model files.
  private enum Word: String, Codable {
    case convolution, maxPool = "max_pool", averagePool = "average_pool"
    case globalAverage = "global_average", pad, resize
    case relu, relu6, hardSwish = "hard_swish", hardSigmoid = "hard_sigmoid", identity
    case sigmoid, exponential, clamp
    case add, subtract, multiply, divide, matrixProduct = "matrix_product"
    case concatenate, softmax, mean, reshape, transpose, slice
  }

  private enum CodingKeys: String, CodingKey {
    case name, operation, inputs, axis, axes, shape, order, lower, upper
  }

  /// Reads the operator's word in `operation`, and its numbers beside it.
  ///
  /// - Throws: `DecodingError` for an unknown word or a missing number.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    inputs = try values.decode([String].self, forKey: .inputs)
    func numbers<Numbers: Decodable>() throws -> Numbers { try Numbers(from: decoder) }
    operation =
      switch try values.decode(Word.self, forKey: .operation) {
      case .convolution: .convolution(try numbers())
      case .maxPool: .maxPool(try numbers())
      case .averagePool: .averagePool(try numbers())
      case .globalAverage: .globalAverage
      case .pad: .pad(try numbers())
      case .resize: .resize(try numbers())
      case .identity: .function(.activation(.none))
      case .relu: .function(.activation(.relu))
      case .relu6: .function(.activation(.relu6))
      case .hardSwish: .function(.activation(.hardSwish))
      case .hardSigmoid: .function(.activation(.hardSigmoid))
      case .sigmoid: .function(.sigmoid)
      case .exponential: .function(.exponential)
      case .clamp:
        .function(
          .clamp(
            lower: try values.decode(Float.self, forKey: .lower),
            upper: try values.decode(Float.self, forKey: .upper)))
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .matrixProduct: .matrixProduct
      case .concatenate: .concatenate(axis: try values.decode(Int.self, forKey: .axis))
      case .softmax: .softmax(axis: try values.decode(Int.self, forKey: .axis))
      case .mean: .mean(axes: try values.decode([Int].self, forKey: .axes))
      case .reshape: .reshape(try values.decode([Int].self, forKey: .shape))
      case .transpose: .transpose(try values.decode([Int].self, forKey: .order))
      case .slice: .slice(try numbers())
      }
  }

  /// Writes the operator's word as `operation`, and its numbers beside it.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(inputs, forKey: .inputs)
    try values.encode(word, forKey: .operation)
    switch operation {
    case .convolution(let numbers): try numbers.encode(to: encoder)
    case .maxPool(let numbers), .averagePool(let numbers): try numbers.encode(to: encoder)
    case .pad(let numbers): try numbers.encode(to: encoder)
    case .resize(let numbers): try numbers.encode(to: encoder)
    case .slice(let numbers): try numbers.encode(to: encoder)
    case .function(.clamp(let lower, let upper)):
      try values.encode(lower, forKey: .lower)
      try values.encode(upper, forKey: .upper)
    case .concatenate(let axis), .softmax(let axis): try values.encode(axis, forKey: .axis)
    case .mean(let axes): try values.encode(axes, forKey: .axes)
    case .reshape(let shape): try values.encode(shape, forKey: .shape)
    case .transpose(let order): try values.encode(order, forKey: .order)
    case .globalAverage, .function, .add, .subtract, .multiply, .divide, .matrixProduct: break
    }
  }

  private var word: Word {
    switch operation {
    case .convolution: .convolution
    case .maxPool: .maxPool
    case .averagePool: .averagePool
    case .globalAverage: .globalAverage
    case .pad: .pad
    case .resize: .resize
    case .function(.activation(.none)): .identity
    case .function(.activation(.relu)): .relu
    case .function(.activation(.relu6)): .relu6
    case .function(.activation(.hardSwish)): .hardSwish
    case .function(.activation(.hardSigmoid)): .hardSigmoid
    case .function(.sigmoid): .sigmoid
    case .function(.exponential): .exponential
    case .function(.clamp): .clamp
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .matrixProduct: .matrixProduct
    case .concatenate: .concatenate
    case .softmax: .softmax
    case .mean: .mean
    case .reshape: .reshape
    case .transpose: .transpose
    case .slice: .slice
    }
  }

  /// The operator's word, for tables and messages.
  public var summary: String { word.rawValue }
}

extension Operator.BorderRule: Codable {
  private static let word = "same"

  /// Reads a number of zeros, or the word `same`.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let count = try? value.decode(Int.self) {
      self = .zeros(count)
    } else if try value.decode(String.self) == Self.word {
      self = .same
    } else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "unknown padding")
    }
  }

  /// Writes the number of zeros, or the word `same`.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .zeros(let count): try value.encode(count)
    case .same: try value.encode(Self.word)
    }
  }
}
