extension PriorSpecification: Codable {
  /// The names that model files use.
  private enum Rule: String, Codable {
    case torchvision, tensorflow, caffe
  }

  private enum CodingKeys: String, CodingKey {
    case rule
  }

  /// Reads the rule's name from `rule`, and its parameters from the same object.
  ///
  /// - Throws: `DecodingError` for an unknown rule or a missing parameter.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Rule.self, forKey: .rule) {
    case .torchvision: self = .torchvision(try TorchvisionPriors(from: decoder))
    case .tensorflow: self = .tensorFlow(try TensorFlowPriors(from: decoder))
    case .caffe: self = .caffe(try CaffePriors(from: decoder))
    }
  }

  /// Writes the rule's name as `rule`, and its parameters into the same object.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .torchvision(let rule):
      try container.encode(Rule.torchvision, forKey: .rule)
      try rule.encode(to: encoder)
    case .tensorFlow(let rule):
      try container.encode(Rule.tensorflow, forKey: .rule)
      try rule.encode(to: encoder)
    case .caffe(let rule):
      try container.encode(Rule.caffe, forKey: .rule)
      try rule.encode(to: encoder)
    }
  }
}
