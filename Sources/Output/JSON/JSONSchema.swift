/// The JSON Schema (draft 2020-12) of the lines that `JSONLinesSink` writes.
///
/// Readers ignore keys that they do not know, so further keys are allowed everywhere.
public let jsonLinesSchema = #"""
  {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "stream-detect/1",
    "description": "One line of the JSON lines that stream-detect writes.",
    "oneOf": [
      {"$ref": "#/$defs/run"},
      {"$ref": "#/$defs/source"},
      {"$ref": "#/$defs/frame"},
      {"$ref": "#/$defs/gap"},
      {"$ref": "#/$defs/end"},
      {"$ref": "#/$defs/summary"}
    ],
    "$defs": {
      "time": {
        "description": "RFC 3339, UTC, milliseconds",
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"
      },
      "count": {"type": "integer", "minimum": 0},
      "rational": {
        "description": "numerator, denominator",
        "type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2
      },
      "grids": {
        "description": "tiles in a row and in a column of each grid, beside the whole frame",
        "type": "array", "items": {"type": "integer", "minimum": 2}
      },
      "run": {
        "description": "First line: what ran, with which model and options",
        "type": "object",
        "required": ["type", "schema", "tool", "run_id", "started", "model", "backend", "options"],
        "properties": {
          "type": {"const": "run"},
          "schema": {"const": "stream-detect/1"},
          "tool": {"description": "version of stream-detect", "type": "string"},
          "run_id": {"type": "string", "minLength": 1},
          "started": {"$ref": "#/$defs/time"},
          "model": {
            "type": "object",
            "required": ["name", "sha256", "input", "labels"],
            "properties": {
              "name": {"type": "string"},
              "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
              "input": {
                "description": "width and height in pixels",
                "type": "array", "items": {"type": "integer", "minimum": 1},
                "minItems": 2, "maxItems": 2
              },
              "labels": {"description": "classes, background not counted", "$ref": "#/$defs/count"},
              "classes": {
                "description": "names of the classes by rising class id, from 1",
                "type": "array", "items": {"type": "string"}
              }
            }
          },
          "backend": {
            "type": "object",
            "required": ["simd", "precision", "threads"],
            "properties": {
              "simd": {"enum": ["scalar", "avx2", "avx512", "neon"]},
              "precision": {"enum": ["fp32", "bf16", "int8"]},
              "threads": {"type": "integer", "minimum": 1}
            }
          },
          "options": {
            "type": "object",
            "required": ["conf", "iou", "max_det"],
            "properties": {
              "conf": {"type": "number", "minimum": 0, "maximum": 1},
              "iou": {"type": "number", "minimum": 0, "maximum": 1},
              "max_det": {"type": "integer", "minimum": 1},
              "stride": {"type": "integer", "minimum": 1},
              "fps": {"type": "number", "exclusiveMinimum": 0},
              "every": {"description": "seconds", "type": "number", "exclusiveMinimum": 0},
              "keyframes": {"const": true},
              "tiles": {
                "description": "grids of tiles that were asked for; none where absent",
                "oneOf": [{"const": "auto"}, {"$ref": "#/$defs/grids"}]
              },
              "agnostic_nms": {"const": true},
              "classes": {
                "description": "class ids that are reported; all where absent",
                "type": "array", "items": {"type": "integer"}
              },
              "start": {"description": "seconds", "type": "number", "minimum": 0},
              "end": {"description": "seconds", "type": "number", "minimum": 0},
              "duration": {"description": "seconds", "type": "number", "minimum": 0},
              "limit": {"description": "processed frames", "type": "integer", "minimum": 1}
            }
          }
        }
      },
      "source": {
        "description": "A source was opened",
        "type": "object",
        "required": [
          "type", "source", "uri", "kind", "width", "height", "rotation", "codec", "pix_fmt",
          "time_base", "avg_fps"
        ],
        "properties": {
          "type": {"const": "source"},
          "source": {"description": "stable name of the source", "type": "string"},
          "uri": {"description": "without user info and secrets", "type": "string"},
          "kind": {"enum": ["file", "live", "image"]},
          "width": {"description": "displayed pixels", "type": "integer", "minimum": 1},
          "height": {"description": "displayed pixels", "type": "integer", "minimum": 1},
          "rotation": {
            "description": "degrees clockwise that were applied", "enum": [0, 90, 180, 270]
          },
          "codec": {"type": "string"},
          "pix_fmt": {"type": ["string", "null"]},
          "time_base": {"$ref": "#/$defs/rational"},
          "avg_fps": {"oneOf": [{"$ref": "#/$defs/rational"}, {"type": "null"}]},
          "start": {
            "description": "when a live source was opened", "$ref": "#/$defs/time"
          },
          "tiles": {
            "description": "grids of tiles that its frames are looked at in; absent where none were asked for",
            "$ref": "#/$defs/grids"
          }
        }
      },
      "frame": {
        "description": "A processed frame; objects may be empty",
        "type": "object",
        "required": ["type", "source", "frame", "pts", "t", "width", "height", "objects"],
        "properties": {
          "type": {"const": "frame"},
          "source": {"type": "string"},
          "frame": {
            "description": "0-based index in presentation order, skipped frames counted",
            "$ref": "#/$defs/count"
          },
          "pts": {
            "description": "raw, in the source's time_base", "type": ["integer", "null"]
          },
          "t": {"description": "seconds from the first frame", "type": "number"},
          "wall": {"description": "live sources only", "$ref": "#/$defs/time"},
          "width": {"description": "displayed pixels", "type": "integer", "minimum": 1},
          "height": {"description": "displayed pixels", "type": "integer", "minimum": 1},
          "flags": {"type": "array", "items": {"enum": ["corrupt"]}, "minItems": 1},
          "objects": {"type": "array", "items": {"$ref": "#/$defs/object"}}
        }
      },
      "object": {
        "type": "object",
        "required": ["label", "class_id", "confidence", "bbox"],
        "properties": {
          "label": {"type": "string"},
          "class_id": {"description": "the model's, 0 is background", "type": "integer"},
          "confidence": {"type": "number", "minimum": 0, "maximum": 1},
          "bbox": {
            "description": "x, y, width, height in displayed pixels, clipped to the frame",
            "type": "array", "items": {"type": "number", "minimum": 0},
            "minItems": 4, "maxItems": 4
          }
        }
      },
      "gap": {
        "description": "A live source was lost, is tried again or came back",
        "type": "object",
        "required": ["type", "source", "state", "reason", "frame", "wall", "attempt", "retry_in"],
        "properties": {
          "type": {"const": "gap"},
          "source": {"type": "string"},
          "state": {"enum": ["lost", "restored"]},
          "reason": {"description": "a stable word", "type": ["string", "null"]},
          "frame": {"description": "index of the next frame", "$ref": "#/$defs/count"},
          "wall": {"$ref": "#/$defs/time"},
          "attempt": {"$ref": "#/$defs/count"},
          "retry_in": {"description": "seconds", "type": ["number", "null"], "minimum": 0}
        }
      },
      "end": {
        "description": "A source ended; the counts balance",
        "type": "object",
        "required": [
          "type", "source", "status", "reason", "frames", "objects", "reconnects",
          "pts_repaired", "first_t", "last_t", "elapsed"
        ],
        "properties": {
          "type": {"const": "end"},
          "source": {"type": "string"},
          "status": {"enum": ["complete", "truncated", "failed", "stopped"]},
          "reason": {
            "description": "a stable word, a colon and a sentence; null when complete",
            "type": ["string", "null"], "pattern": "^[a-z0-9_]+: ."
          },
          "frames": {
            "description": "decoded = processed + skipped + dropped + failed",
            "type": "object",
            "required": ["decoded", "processed", "skipped", "dropped", "failed"],
            "properties": {
              "decoded": {"$ref": "#/$defs/count"},
              "processed": {"$ref": "#/$defs/count"},
              "skipped": {"$ref": "#/$defs/count"},
              "dropped": {"$ref": "#/$defs/count"},
              "failed": {"$ref": "#/$defs/count"}
            }
          },
          "objects": {"$ref": "#/$defs/count"},
          "reconnects": {"$ref": "#/$defs/count"},
          "pts_repaired": {"$ref": "#/$defs/count"},
          "first_t": {"type": ["number", "null"]},
          "last_t": {"type": ["number", "null"]},
          "elapsed": {"description": "seconds", "type": "number", "minimum": 0}
        }
      },
      "summary": {
        "description": "Last line",
        "type": "object",
        "required": ["type", "run_id", "sources", "exit_code"],
        "properties": {
          "type": {"const": "summary"},
          "run_id": {"type": "string"},
          "sources": {
            "type": "object",
            "required": ["total", "complete", "truncated", "failed", "stopped"],
            "properties": {
              "total": {"$ref": "#/$defs/count"},
              "complete": {"$ref": "#/$defs/count"},
              "truncated": {"$ref": "#/$defs/count"},
              "failed": {"$ref": "#/$defs/count"},
              "stopped": {"$ref": "#/$defs/count"}
            }
          },
          "exit_code": {"type": "integer", "minimum": 0, "maximum": 255}
        }
      }
    }
  }
  """#
