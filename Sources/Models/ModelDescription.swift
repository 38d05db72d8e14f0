internal import Backbone
public import Layers

/// Everything about a model except its weights: the JSON document inside a model file.
public struct ModelDescription: Codable, Hashable, Sendable {
  /// Short name, for people.
  public var name: String
  /// The network.
  public var architecture: ModelArchitecture
  /// Name of each class; a detector's first one is the background.
  public var labels: [String]
  /// How pixels become the network's input.
  public var normalization: Normalization
  /// Recommended smallest score, 0 to 1.
  public var scoreThreshold: Float
  /// Recommended overlap above which the weaker of two boxes is dropped, 0 to 1.
  public var iouThreshold: Float
  /// Recommended maximum number of detections in a frame.
  public var maximumDetections: Int
  /// Where the weights come from.
  public var provenance: String
  /// Licence of the weights.
  public var license: String
  /// Calibration for 8-bit inference; `nil` for a model that was never calibrated.
  public var quantization: Quantization?

  /// Creates a description.
  public init(
    name: String, architecture: ModelArchitecture, labels: [String], normalization: Normalization,
    scoreThreshold: Float = 0.5, iouThreshold: Float = 0.5, maximumDetections: Int = 300,
    provenance: String = "", license: String = "unknown",
    quantization: Quantization? = nil
  ) {
    self.name = name
    self.architecture = architecture
    self.labels = labels
    self.normalization = normalization
    self.scoreThreshold = scoreThreshold
    self.iouThreshold = iouThreshold
    self.maximumDetections = maximumDetections
    self.provenance = provenance
    self.license = license
    self.quantization = quantization
  }

  /// The version of the document that is read and written.
  package static let format = 1

  /// What is wrong with the values, as a sentence, or `nil` if they are valid.
  func fault() -> String? {
    do {
      let graph = try architecture.graph()
      if let fault = quantization?.fault(for: graph) { return fault }
    } catch {
      return error.description
    }
    if labels.count != architecture.classes {
      return "There are \(labels.count) labels, but \(architecture.classes) classes."
    }
    if let label = labels.first(where: { !Self.isPrintable($0) }) {
      let start = String(label.unicodeScalars.prefix(40))
      return "A label is too long or has control characters; it begins "
        + "\(start.debugDescription)."
    }
    if !Self.isPrintable(name) || name.isEmpty {
      return "The name is empty, too long or has control characters."
    }
    if normalization.mean.count != 3 || normalization.scale.count != 3
      || !(normalization.mean + normalization.scale).allSatisfy(\.isFinite)
      || normalization.scale.contains(0)
    {
      return "The normalisation needs three finite means and three factors other than zero."
    }
    if !(0...1).contains(scoreThreshold) || !(0...1).contains(iouThreshold) {
      return "The thresholds are \(scoreThreshold) and \(iouThreshold); both must be 0 to 1."
    }
    if !(1...1_000_000).contains(maximumDetections) {
      return "A frame may have \(maximumDetections) detections; it must be 1 to 1000000."
    }
    return nil
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.utf8.count <= 500
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
  }
}

extension ModelDescription {
  private enum Kind: String, Codable {
    case classifier, detector, segmenter
  }

  private enum CodingKeys: String, CodingKey {
    case format, name, kind, network, labels, normalization, scoreThreshold, iouThreshold
    case maximumDetections, provenance, license, quantization
  }

  /// Whether the network is a list of operators; specifications have no `kind`.
  private static func isGraph(_ values: KeyedDecodingContainer<CodingKeys>) throws -> Bool {
    let network = try values.nestedContainer(keyedBy: GraphModel.CodingKeys.self, forKey: .network)
    return try network.decodeIfPresent(GraphModel.Kind.self, forKey: .kind) == .graph
  }

  /// Reads the document of a model file.
  ///
  /// - Throws: `DecodingError` if a value is missing or has the wrong type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    switch try values.decode(Kind.self, forKey: .kind) {
    case let kind where try Self.isGraph(values):
      let model: GraphModel = try values.decode(forKey: .network)
      guard model.isDetector == (kind == .detector), kind != .segmenter else {
        throw DecodingError.dataCorruptedError(
          forKey: .kind, in: values, debugDescription: "the kind does not match the head")
      }
      architecture = .graph(model)
    case .classifier: architecture = .classifier(try values.decode(forKey: .network))
    case .detector: architecture = .detector(try values.decode(forKey: .network))
    case .segmenter: architecture = .segmenter(try values.decode(forKey: .network))
    }
    labels = try values.decode(forKey: .labels)
    normalization = try values.decode(forKey: .normalization)
    scoreThreshold = try values.decode(forKey: .scoreThreshold)
    iouThreshold = try values.decode(forKey: .iouThreshold)
    maximumDetections = try values.decode(forKey: .maximumDetections)
    provenance = try values.decode(forKey: .provenance)
    license = try values.decode(forKey: .license)
    quantization = try values.decodeIfPresent(Quantization.self, forKey: .quantization)
  }

  /// Writes the document of a model file.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Self.format, forKey: .format)
    try values.encode(name, forKey: .name)
    switch architecture {
    case .classifier(let specification):
      try values.encode(Kind.classifier, forKey: .kind)
      try values.encode(specification, forKey: .network)
    case .detector(let specification):
      try values.encode(Kind.detector, forKey: .kind)
      try values.encode(specification, forKey: .network)
    case .segmenter(let specification):
      try values.encode(Kind.segmenter, forKey: .kind)
      try values.encode(specification, forKey: .network)
    case .graph(let model):
      try values.encode(model.isDetector ? Kind.detector : .classifier, forKey: .kind)
      try values.encode(model, forKey: .network)
    }
    try values.encode(labels, forKey: .labels)
    try values.encode(normalization, forKey: .normalization)
    try values.encode(scoreThreshold, forKey: .scoreThreshold)
    try values.encode(iouThreshold, forKey: .iouThreshold)
    try values.encode(maximumDetections, forKey: .maximumDetections)
    try values.encode(provenance, forKey: .provenance)
    try values.encode(license, forKey: .license)
    try values.encodeIfPresent(quantization, forKey: .quantization)
  }
}

extension KeyedDecodingContainer {
  fileprivate func decode<Value: Decodable>(forKey key: Key) throws -> Value {
    try decode(Value.self, forKey: key)
  }
}
