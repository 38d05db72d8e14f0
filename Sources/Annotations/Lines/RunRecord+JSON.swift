internal import Foundation
package import Support

extension RunRecord {
  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.run.rawValue)
    json.field(Key.schema, Self.schemaName)
    if let tool { json.field(Key.tool, tool) }
    if let runID { json.field(Key.runID, runID) }
    if let started { json.field(Key.started, started) }
    if let model {
      json.key(Key.model)
      model.write(to: &json)
    }
    if let backend {
      json.key(Key.backend)
      backend.write(to: &json)
    }
    if let options {
      json.key(Key.options)
      options.write(to: &json)
    }
    json.endObject()
  }
}

extension RunRecord.Model {
  fileprivate typealias Key = RunRecord.ModelKey

  fileprivate static let classifier = "classifier"
  fileprivate static let segmenter = "segmenter"

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    if let name { json.field(Key.name, name) }
    if isClassifier { json.field(Key.kind, Self.classifier) }
    if isSegmenter { json.field(Key.kind, Self.segmenter) }
    if let sha256 { json.field(Key.sha256, sha256) }
    if let inputWidth, let inputHeight { json.field(Key.input, [inputWidth, inputHeight]) }
    if let classCount { json.field(Key.labels, classCount) }
    if let classes { json.field(Key.classes, classes) }
    json.endObject()
  }
}

extension RunRecord.Backend {
  fileprivate typealias Key = RunRecord.BackendKey

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    if let simd { json.field(Key.simd, simd) }
    if let precision { json.field(Key.precision, precision) }
    if let threads { json.field(Key.threads, threads) }
    json.endObject()
  }
}

extension RunRecord.Options {
  fileprivate typealias Key = RunRecord.OptionKey

  fileprivate static let automatic = "auto"

  /// Writes the options as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    if let scoreThreshold { json.field(Key.conf, scoreThreshold, decimals: 6) }
    if let iouThreshold { json.field(Key.iou, iouThreshold, decimals: 6) }
    if let maximumDetections { json.field(Key.maxDet, maximumDetections) }
    if let top { json.field(Key.top, top) }
    if let stride { json.field(Key.stride, stride) }
    if let fps { json.field(Key.fps, fps, decimals: 6) }
    if let every { json.field(Key.every, every, decimals: 6) }
    if usesKeyframesOnly { json.field(Key.keyframes, true) }
    switch tiles {
    case .automatic: json.field(Key.tiles, Self.automatic)
    case .grids(let sides): json.field(Key.tiles, sides)
    case nil: break
    }
    switch sizes {
    case .automatic: json.field(Key.size, Self.automatic)
    case .sizes(let sizes): json.field(Key.size, sizes)
    case nil: break
    }
    if isClassAgnostic { json.field(Key.agnosticNMS, true) }
    if !masks.isEmpty { json.field(Key.mask, masks) }
    if !regions.isEmpty { json.field(Key.roi, regions) }
    if let tracking {
      json.key(Key.track)
      tracking.write(to: &json)
    }
    Self.write(zones: zones, lines: lines, to: &json)
    if let classes { json.field(Key.classes, classes) }
    if let start { json.field(Key.start, start, decimals: 6) }
    if let end { json.field(Key.end, end, decimals: 6) }
    if let duration { json.field(Key.duration, duration, decimals: 6) }
    if let limit { json.field(Key.limit, limit) }
    json.endObject()
  }
}

extension RunRecord: Decodable {
  /// Decodes a line; any key may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    tool = try values.decodeIfPresent(String.self, forKey: .tool)
    runID = try values.decodeIfPresent(String.self, forKey: .runID)
    started = try values.momentIfPresent(.started)
    model = try values.decodeIfPresent(Model.self, forKey: .model)
    backend = try values.decodeIfPresent(Backend.self, forKey: .backend)
    options = try values.decodeIfPresent(Options.self, forKey: .options)
  }
}

extension RunRecord.Model: Decodable {
  /// Decodes the object of a run line; any key may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    let kind = try values.decodeIfPresent(String.self, forKey: .kind)
    (isClassifier, isSegmenter) = (kind == Self.classifier, kind == Self.segmenter)
    sha256 = try values.decodeIfPresent(String.self, forKey: .sha256)
    let input = try values.contains(.input) ? values.pair(.input) : nil
    inputWidth = input?.0
    inputHeight = input?.1
    classCount = try values.decodeIfPresent(Int.self, forKey: .labels)
    classes = try values.decodeIfPresent([String].self, forKey: .classes)
  }
}

extension RunRecord.Backend: Decodable {
  /// Decodes the object of a run line; any key may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    simd = try values.decodeIfPresent(String.self, forKey: .simd)
    precision = try values.decodeIfPresent(String.self, forKey: .precision)
    threads = try values.decodeIfPresent(Int.self, forKey: .threads)
  }
}

extension RunRecord.Options: Decodable {
  /// Decodes the object of a run line; any key may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double? {
      try values.decodeIfPresent(Double.self, forKey: key)
    }
    scoreThreshold = try number(.conf)
    iouThreshold = try number(.iou)
    maximumDetections = try values.decodeIfPresent(Int.self, forKey: .maxDet)
    top = try values.decodeIfPresent(Int.self, forKey: .top)
    stride = try values.decodeIfPresent(Int.self, forKey: .stride)
    fps = try number(.fps)
    every = try number(.every)
    usesKeyframesOnly = try values.decodeIfPresent(Bool.self, forKey: .keyframes) ?? false
    if let name = try? values.decode(String.self, forKey: .tiles), name == Self.automatic {
      tiles = .automatic
    } else {
      tiles = try values.decodeIfPresent([Int].self, forKey: .tiles).map { .grids($0) }
    }
    if let name = try? values.decode(String.self, forKey: .size), name == Self.automatic {
      sizes = .automatic
    } else {
      sizes = try values.decodeIfPresent([String].self, forKey: .size).map { .sizes($0) }
    }
    isClassAgnostic = try values.decodeIfPresent(Bool.self, forKey: .agnosticNMS) ?? false
    masks = try values.decodeIfPresent([String].self, forKey: .mask) ?? []
    regions = try values.decodeIfPresent([String].self, forKey: .roi) ?? []
    tracking = try values.decodeIfPresent(Tracking.self, forKey: .track)
    zones = try values.decodeIfPresent([Place].self, forKey: .zones) ?? []
    lines = try values.decodeIfPresent([Place].self, forKey: .lines) ?? []
    classes = try values.decodeIfPresent([Int].self, forKey: .classes)
    start = try number(.start)
    end = try number(.end)
    duration = try number(.duration)
    limit = try values.decodeIfPresent(Int.self, forKey: .limit)
  }
}
