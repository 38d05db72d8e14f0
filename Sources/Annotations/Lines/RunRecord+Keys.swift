extension RunRecord {
  /// The name and version of the format.
  static let schemaName = "stream-detect/1"

  enum Key: String, RecordKey {
    case type, schema, tool
    case runID = "run_id"
    case started, model, backend, options

    var schema: String {
      switch self {
      case .type: Schema.kind(.run)
      case .schema: #"{"const": "\#(RunRecord.schemaName)"}"#
      case .tool: Schema.described("version of stream-detect", #""type": "string""#)
      case .runID: #"{"type": "string", "minLength": 1}"#
      case .started: Schema.time
      case .model: ModelKey.objectSchema()
      case .backend: BackendKey.objectSchema()
      case .options: OptionKey.objectSchema()
      }
    }
  }

  enum ModelKey: String, RecordKey {
    case name, kind, sha256, input, labels, classes

    var isOptional: Bool { [.kind, .classes].contains(self) }

    var schema: String {
      switch self {
      case .name: Schema.string
      case .kind: Schema.described("absent for detectors", #""enum": ["classifier", "segmenter"]"#)
      case .sha256: #"{"type": "string", "pattern": "^[0-9a-f]{64}$"}"#
      case .input:
        """
        {
          "description": "width and height in pixels",
          "type": "array", "items": {"type": "integer", "minimum": 1},
          "minItems": 2, "maxItems": 2
        }
        """
      case .labels:
        Schema.described("classes, background not counted", ##""$ref": "#/$defs/count""##)
      case .classes:
        """
        {
          "description": "names of the classes by rising class id, from 1, others than a detector's from 0",
          "type": "array", "items": {"type": "string"}
        }
        """
      }
    }
  }

  enum BackendKey: String, RecordKey {
    case simd, precision, threads

    var schema: String {
      switch self {
      case .simd: #"{"enum": ["scalar", "avx2", "avx512", "neon"]}"#
      case .precision: #"{"enum": ["fp32", "bf16", "int8"]}"#
      case .threads: Schema.positive
      }
    }
  }

  enum OptionKey: String, RecordKey {
    case conf, iou
    case maxDet = "max_det"
    case top, stride, fps, every, keyframes, tiles, size
    case agnosticNMS = "agnostic_nms"
    case mask, roi, track, zones, lines
    case classes, start, end, duration, limit

    // A detector's thresholds are always there, and so is a classifier's number of classes.
    var isOptional: Bool { true }

    var schema: String {
      switch self {
      case .conf, .iou: #"{"type": "number", "minimum": 0, "maximum": 1}"#
      case .maxDet, .top, .stride: Schema.positive
      case .fps: #"{"type": "number", "exclusiveMinimum": 0}"#
      case .every: Schema.described("seconds", #""type": "number", "exclusiveMinimum": 0"#)
      case .keyframes, .agnosticNMS: #"{"const": true}"#
      case .tiles:
        ##"""
        {
          "description": "grids of tiles that were asked for; none where absent",
          "oneOf": [{"const": "auto"}, {"$ref": "#/$defs/grids"}]
        }
        """##
      case .size:
        ##"""
        {
          "description": "input sizes that were asked for; the model's own where absent",
          "oneOf": [{"const": "auto"}, {"$ref": "#/$defs/sizes"}]
        }
        """##
      case .mask, .roi:
        Schema.described(
          "as on the command line: corners in fractions of the frame, or in pixels with px",
          #""type": "array", "items": {"type": "string"}, "minItems": 1"#)
      case .track: RunRecord.Options.Tracking.Key.objectSchema("how objects were tracked")
      case .zones: RunRecord.Options.Place.Key.listSchema("zones of the events")
      case .lines: RunRecord.Options.Place.Key.listSchema("lines of the events; none has 'loiter'")
      case .classes:
        """
        {
          "description": "class ids that are reported; all where absent",
          "type": "array", "items": {"type": "integer"}
        }
        """
      case .start, .end, .duration:
        Schema.described("seconds", #""type": "number", "minimum": 0"#)
      case .limit: Schema.described("processed frames", #""type": "integer", "minimum": 1"#)
      }
    }
  }
}
