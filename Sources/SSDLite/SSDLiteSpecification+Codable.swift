internal import Backbone

extension SSDLiteSpecification {
  private enum CodingKeys: String, CodingKey {
    case backbone, widthMultiplier, reducedTail, classes, inputHeight, inputWidth, padding
    case extraChannels, style, priors, boxCoder, scoring
  }

  /// Reads a specification; files of the time before there were styles are SSDLite.
  ///
  /// - Throws: `DecodingError` for a missing or wrong value.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      backbone: try values.decode(BackboneKind.self, forKey: .backbone),
      widthMultiplier: try values.decode(Double.self, forKey: .widthMultiplier),
      reducedTail: try values.decode(Bool.self, forKey: .reducedTail),
      classes: try values.decode(Int.self, forKey: .classes),
      inputHeight: try values.decode(Int.self, forKey: .inputHeight),
      inputWidth: try values.decode(Int.self, forKey: .inputWidth),
      padding: try values.decode(PaddingConvention.self, forKey: .padding),
      extraChannels: try values.decode([Int].self, forKey: .extraChannels),
      style: try values.decodeIfPresent(SSDStyle.self, forKey: .style) ?? .separable,
      priors: try values.decode(PriorSpecification.self, forKey: .priors),
      boxCoder: try values.decode(BoxCoder.self, forKey: .boxCoder),
      scoring: try values.decode(Scoring.self, forKey: .scoring))
  }

  /// Writes a specification; SSDLite has no key `style`, so that older programs can read it.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(backbone, forKey: .backbone)
    try values.encode(widthMultiplier, forKey: .widthMultiplier)
    try values.encode(reducedTail, forKey: .reducedTail)
    try values.encode(classes, forKey: .classes)
    try values.encode(inputHeight, forKey: .inputHeight)
    try values.encode(inputWidth, forKey: .inputWidth)
    try values.encode(padding, forKey: .padding)
    try values.encode(extraChannels, forKey: .extraChannels)
    if style != .separable { try values.encode(style, forKey: .style) }
    try values.encode(priors, forKey: .priors)
    try values.encode(boxCoder, forKey: .boxCoder)
    try values.encode(scoring, forKey: .scoring)
  }
}
