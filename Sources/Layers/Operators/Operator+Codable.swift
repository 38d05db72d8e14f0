extension OperatorNode: Codable {
  /// The operators' names in model files.
  private enum Keyword: String, Codable {
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

  /// Reads the operator's name from `operation`, and its parameters from the same object.
  ///
  /// - Throws: `DecodingError` for an unknown operator or a missing parameter.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    inputs = try values.decode([String].self, forKey: .inputs)
    func parameters<Parameters: Decodable>() throws -> Parameters { try Parameters(from: decoder) }
    operation =
      switch try values.decode(Keyword.self, forKey: .operation) {
      case .convolution: .convolution(try parameters())
      case .maxPool: .maxPool(try parameters())
      case .averagePool: .averagePool(try parameters())
      case .globalAverage: .globalAverage
      case .pad: .pad(try parameters())
      case .resize: .resize(try parameters())
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
      case .slice: .slice(try parameters())
      }
  }

  /// Writes the operator's name as `operation`, and its parameters into the same object.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(inputs, forKey: .inputs)
    try values.encode(keyword, forKey: .operation)
    switch operation {
    case .convolution(let parameters): try parameters.encode(to: encoder)
    case .maxPool(let parameters), .averagePool(let parameters): try parameters.encode(to: encoder)
    case .pad(let parameters): try parameters.encode(to: encoder)
    case .resize(let parameters): try parameters.encode(to: encoder)
    case .slice(let parameters): try parameters.encode(to: encoder)
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

  private var keyword: Keyword {
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

  /// The operator's name in model files, for tables and messages.
  public var summary: String { keyword.rawValue }
}

extension Operator.BorderRule: Codable {
  private static let sameName = "same"

  /// Reads a number of zeros, or the word `same`.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let count = try? value.decode(Int.self) {
      self = .zeros(count)
    } else if try value.decode(String.self) == Self.sameName {
      self = .same
    } else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "the padding is neither a number of zeros nor \"same\"")
    }
  }

  /// Writes the number of zeros, or the word `same`.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .zeros(let count): try value.encode(count)
    case .same: try value.encode(Self.sameName)
    }
  }
}
