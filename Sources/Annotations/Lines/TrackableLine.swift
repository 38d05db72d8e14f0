internal import Foundation
internal import Support

/// What a tracker needs of a line of JSON lines; all other lines pass through it.
public enum TrackableLine: Sendable {
  /// A frame with objects.
  case frame(FrameRecord)
  /// A source begins: where it was read from, and what is known of its time.
  case source(
    name: String, uri: String?, timeBase: SourceRecord.Fraction?, rate: SourceRecord.Fraction?)
  /// A source has ended.
  case end(source: String)
  /// The first line of a run.
  case run
  /// Something that happened to an object of an earlier tracking.
  case event
  /// The last line of a run.
  case summary
  /// Any other line; of which source, if it says so.
  case other(source: String?)

  /// Reads a line, the `number`th of the file at `path`.
  ///
  /// Lines of types that the schema does not have are `other`, and so are blank ones.
  ///
  /// - Throws: `AnnotationError` that names the line.
  public init(_ line: [UInt8], path: String, number: Int) throws(AnnotationError) {
    if let frame = FrameScanner.frame(line) {
      self = .frame(frame)
      return
    }
    if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) {
      self = .other(source: nil)
      return
    }
    let place = "\(path):\(number)"
    let remedy = "Give JSON lines as 'stream-detect detect --jsonl' writes them."
    let data = Data(line)
    let head = try JSONFile.decode(Head.self, from: data, path: place, remedy: remedy)
    switch head.type.flatMap(Record.Kind.init) {
    case .frame:
      var frame = try JSONFile.decode(FrameRecord.self, from: data, path: place, remedy: remedy)
      frame.keepOtherMembers(of: line)
      self = .frame(frame)
    case .source:
      self = .source(
        name: head.source ?? "", uri: head.uri, timeBase: Self.fraction(head.timeBase),
        rate: Self.fraction(head.averageFrameRate))
    case .end: self = .end(source: head.source ?? "")
    case .event: self = .event
    case .summary: self = .summary
    case .run: self = .run
    case .classes, .segments, .gap, nil: self = .other(source: head.source)
    }
  }

  private static func fraction(_ pair: [Int]?) -> SourceRecord.Fraction? {
    guard let pair, pair.count == 2, pair[0] > 0, pair[1] > 0 else { return nil }
    return SourceRecord.Fraction(pair[0], pair[1])
  }

  private struct Head: Decodable {
    var type: String?
    var source: String?
    var uri: String?
    var timeBase: [Int]?
    var averageFrameRate: [Int]?

    enum CodingKeys: String, CodingKey {
      case type, source, uri
      case timeBase = "time_base"
      case averageFrameRate = "avg_fps"
    }
  }
}

extension FrameRecord {
  /// Writes the record as a line, with the line end.
  public func line() -> [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    json.endLine()
    return json.bytes
  }
}
