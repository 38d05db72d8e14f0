internal import Geometry
internal import Foundation

extension PredictionFile {
  /// Reads JSON lines (`stream-detect/1`) or an array of COCO results.
  ///
  /// - Throws: `EvaluationError` that names the line or the entry that is damaged.
  public init(path: String) throws(EvaluationError) {
    try self.init(JSONFile.contents(path), path: path)
  }

  init(_ data: Data, path: String) throws(EvaluationError) {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    if data.first(where: { !blanks.contains($0) }) == UInt8(ascii: "[") {
      self = try COCOResultsReader(path: path).read(data)
    } else {
      self = try JSONLinesReader(path: path).read(data)
    }
  }
}

/// Reads COCO's array of `{"image_id", "category_id", "bbox", "score"}`.
private struct COCOResultsReader {
  private struct Entry: Decodable {
    var image_id: EntryID
    var category_id: EntryID
    var bbox: [Double]
    var score: Double
  }

  let path: String

  func read(_ data: Data) throws(EvaluationError) -> PredictionFile {
    let remedy =
      "Give an array of {image_id, category_id, bbox, score}, or stream-detect's JSON lines."
    let entries = try JSONFile.decode([Entry].self, from: data, path: path, remedy: remedy)
    var results: [EntryID: [PredictionFile.COCOResult]] = [:]
    for (place, entry) in entries.enumerated() {
      guard let box = PixelBox(entry.bbox), entry.score.isFinite else {
        throw EvaluationError(
          path: "\(path): [\(place)]", message: "It has no usable 'bbox' or 'score'.",
          remedy: "Write 'bbox' as [x, y, width, height] in pixels.")
      }
      results[entry.image_id, default: []].append(
        .init(categoryID: entry.category_id, score: entry.score, box: box))
    }
    return PredictionFile(content: .results(results))
  }
}

/// Reads the lines that `detect` writes; lines of other types are passed over.
private struct JSONLinesReader {
  /// A line of a known type; lines of other types use some of the keys for other things.
  private enum Line: Decodable {
    case run(Run)
    case frame(Frame)
    case other

    private enum Key: CodingKey { case type }

    init(from decoder: any Decoder) throws {
      switch try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .type) {
      case "run": self = .run(try Run(from: decoder))
      case "frame": self = .frame(try Frame(from: decoder))
      default: self = .other
      }
    }
  }

  private struct Run: Decodable {
    struct Model: Decodable {
      var labels: Int?
      var classes: [String]?
    }

    struct Options: Decodable {
      var classes: [Int]?
    }

    var model: Model?
    var options: Options?

    /// The classes that were looked for; `nil` in lines of older programs.
    var classNames: [String]? {
      guard let names = model?.classes, let ids = options?.classes else { return model?.classes }
      return ids.compactMap {
        (1...max(names.count, 1)).contains($0) ? names.dropFirst($0 - 1).first : nil
      }
    }
  }

  private struct Frame: Decodable {
    var source: String
    var frame: Int?
    var width: Int?
    var height: Int?
    var objects: [Object]
  }

  private struct Object: Decodable {
    var label: String
    var confidence: Double
    var bbox: [Double]
  }

  let path: String

  func read(_ data: Data) throws(EvaluationError) -> PredictionFile {
    var file = PredictionFile(content: .frames([]))
    var frames: [PredictedFrame] = []
    for (number, bytes) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
      if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      let place = "\(path):\(number + 1)"
      let line = try JSONFile.decode(
        Line.self, from: bytes, path: place,
        remedy: "Give JSON lines as 'stream-detect detect --jsonl' writes them, or COCO results.")
      switch line {
      case .run(let run):
        file.classCount = run.model?.labels
        file.classNames = run.classNames
      case .frame(let line): frames.append(try frame(line, place))
      case .other: break
      }
    }
    guard !frames.isEmpty else {
      throw EvaluationError(
        path: path, message: "It has no line of type 'frame'.",
        remedy: "Give the JSON lines of a run over the images of the truth.")
    }
    file.content = .frames(frames)
    return file
  }

  private func frame(_ line: Frame, _ place: String) throws(EvaluationError) -> PredictedFrame {
    var frame = PredictedFrame(
      source: line.source, index: max(line.frame ?? 0, 0), width: side(line.width),
      height: side(line.height), objects: [])
    for (index, object) in line.objects.enumerated() {
      guard let box = PixelBox(object.bbox), object.confidence.isFinite else {
        throw EvaluationError(
          path: "\(place): objects[\(index)]", message: "It has no usable 'bbox' or 'confidence'.",
          remedy: "Write 'bbox' as [x, y, width, height] in pixels.")
      }
      frame.objects.append(.init(label: object.label, score: object.confidence, box: box))
    }
    return frame
  }

  private func side(_ pixels: Int?) -> Int? {
    pixels.flatMap { $0 > 0 && Double($0) <= PixelBox.farthest ? $0 : nil }
  }
}

extension PixelBox {
  /// Reads `[x, y, width, height]`; `nil` where these are not four numbers of a sensible size.
  init?(_ numbers: [Double]) {
    guard numbers.count == 4 else { return nil }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    guard isSane else { return nil }
  }
}
