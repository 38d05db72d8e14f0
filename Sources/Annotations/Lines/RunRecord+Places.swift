public import Geometry
internal import Support

extension RunRecord.Options {
  /// A zone or a line that events were looked for at, in the words of a file of zones.
  public struct Place: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// Its points, in order.
    public var points: [Point]
    /// Whether the points are in pixels of the displayed frame, rather than in fractions of it.
    public var isInPixels: Bool
    /// The point of a box that counts: `bottom`, `center` or `top`.
    public var anchor: String
    /// The names of the classes that count; `nil` for all.
    public var classes: [String]?
    /// After how many seconds in it an object loiters; `nil` for never, and of lines.
    public var loiter: Double?

    /// Describes a zone or a line.
    public init(
      name: String, points: [Point], isInPixels: Bool, anchor: String, classes: [String]? = nil,
      loiter: Double? = nil
    ) {
      self.name = name
      self.points = points
      self.isInPixels = isInPixels
      self.anchor = anchor
      self.classes = classes
      self.loiter = loiter
    }
  }
}

extension RunRecord.Options.Place {
  enum Key: String, RecordKey {
    case name, points, unit, anchor, classes, loiter

    var isOptional: Bool { [.unit, .classes, .loiter].contains(self) }

    var schema: String {
      switch self {
      case .name: Schema.string
      case .points:
        """
        {
          "description": "x and y of each",
          "type": "array",
          "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        }
        """
      case .unit: Schema.described("fractions of the frame where absent", #""const": "px""#)
      case .anchor: #"{"enum": ["bottom", "center", "top"]}"#
      case .classes:
        Schema.described("all where absent", #""type": "array", "items": {"type": "string"}"#)
      case .loiter: Schema.described("seconds", #""type": "number", "exclusiveMinimum": 0"#)
      }
    }

    /// The JSON Schema of a list of places.
    static func listSchema(_ description: String) -> String {
      braced([
        #""description": "\#(description)""#, #""type": "array""#, "\"items\": \(objectSchema())",
        #""minItems": 1"#,
      ])
    }
  }

  private static let pixels = "px"

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.name, name)
    json.key(Key.points)
    json.beginArray()
    for point in points {
      json.beginArray()
      json.number(point.x, decimals: 6)
      json.number(point.y, decimals: 6)
      json.endArray()
    }
    json.endArray()
    if isInPixels { json.field(Key.unit, Self.pixels) }
    json.field(Key.anchor, anchor)
    if let classes { json.field(Key.classes, classes) }
    if let loiter { json.field(Key.loiter, loiter, decimals: 6) }
    json.endObject()
  }
}

extension RunRecord.Options.Place: Decodable {
  /// Decodes an element of the lists of a run line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      points: try values.decode([[Double]].self, forKey: .points).map { pair in
        guard pair.count == 2 else {
          throw DecodingError.dataCorruptedError(
            forKey: .points, in: values, debugDescription: "A point isn't a pair of numbers.")
        }
        return Point(x: pair[0], y: pair[1])
      },
      isInPixels: try values.decodeIfPresent(String.self, forKey: .unit) == Self.pixels,
      anchor: try values.decode(String.self, forKey: .anchor),
      classes: try values.decodeIfPresent([String].self, forKey: .classes),
      loiter: try values.decodeIfPresent(Double.self, forKey: .loiter))
  }
}
