extension Record {
  /// The JSON Schema (draft 2020-12) of a line.
  ///
  /// Readers ignore keys that they do not know, so every object may have more keys.
  public static let jsonSchema = braced([
    #""$schema": "https://json-schema.org/draft/2020-12/schema""#,
    #""title": "\#(RunRecord.schemaName)""#,
    #""description": "One line of the JSON lines that stream-detect writes.""#,
    "\"oneOf\": [\n"
      + Kind.allCases.map { "  " + Schema.reference($0.rawValue) }.joined(separator: ",\n") + "\n]",
    "\"$defs\": " + braced(definitions),
  ])

  private static var definitions: [String] {
    [
      ##"""
      "time": {
        "description": "RFC 3339, UTC, milliseconds",
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"
      }
      """##,
      #""count": {"type": "integer", "minimum": 0}"#,
      """
      "rational": {
        "description": "numerator, denominator",
        "type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2
      }
      """,
      """
      "bbox": {
        "description": "x, y, width, height in displayed pixels, clipped to the frame",
        "type": "array", "items": {"type": "number", "minimum": 0},
        "minItems": 4, "maxItems": 4
      }
      """,
      """
      "grids": {
        "description": "tiles in a row and in a column of each grid, beside the whole frame",
        "type": "array", "items": {"type": "integer", "minimum": 2}
      }
      """,
      """
      "sizes": {
        "description": "widths and heights of the network's input in pixels, such as 512x288",
        "type": "array", "items": {"type": "string", "pattern": "^[0-9]+x[0-9]+$"}, "minItems": 1
      }
      """,
    ]
      + Kind.allCases.flatMap { kind in
        ["\"\(kind.rawValue)\": \(kind.schema)"] + kind.parts
      }
  }
}

extension Record.Kind {
  /// The definitions of what its lines consist of.
  fileprivate var parts: [String] {
    switch self {
    case .frame: ["\"object\": \(ObjectRecord.Key.objectSchema())"]
    case .classes: ["\"guess\": \(ClassesRecord.GuessKey.objectSchema())"]
    case .segments: ["\"segment\": \(SegmentsRecord.SegmentKey.objectSchema())"]
    case .run, .source, .event, .gap, .end, .summary: []
    }
  }

  fileprivate var schema: String {
    switch self {
    case .run:
      RunRecord.Key.objectSchema("First line: what ran, with which model and options")
    case .source: SourceRecord.Key.objectSchema("A source was opened")
    case .frame: FrameRecord.Key.objectSchema("A processed frame; objects may be empty")
    case .classes: ClassesRecord.Key.objectSchema("A classified frame; written by classify")
    case .segments:
      SegmentsRecord.Key.objectSchema("A frame with classes for its pixels; written by segment")
    case .event: EventRecord.Key.objectSchema("Something happened to a tracked object")
    case .gap: GapRecord.Key.objectSchema("A live source was lost, tried again or restored")
    case .end: EndRecord.Key.objectSchema("A source ended; the counts balance")
    case .summary: SummaryRecord.Key.objectSchema("Last line")
    }
  }
}
