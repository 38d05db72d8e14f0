public import Foundation

/// Reads the records of a file of JSON lines, one after the other.
///
///     var reader = try RecordReader(path: "run.jsonl")
///     while let record = try reader.next() { … }
public struct RecordReader {
  private let data: Data
  private let path: String
  private var position: Data.Index
  private var lineNumber = 0

  /// Opens a file.
  ///
  /// - Throws: `AnnotationError` if it cannot be read.
  public init(path: String) throws(AnnotationError) {
    self.init(try TextFile.contents(path), path: path)
  }

  /// Reads from `data`; errors name it `path`.
  public init(_ data: Data, path: String) {
    self.data = data
    self.path = path
    position = data.startIndex
  }

  /// The next record of one of the kinds, or `nil` at the end.
  ///
  /// Blank lines, and lines of types that `stream-detect/1` does not have, are skipped. So are
  /// lines of other kinds, even if they lack keys that the schema requires.
  ///
  /// - Throws: `AnnotationError` that names the line.
  public mutating func next(
    of kinds: Set<Record.Kind> = Set(Record.Kind.allCases)
  ) throws(AnnotationError) -> Record? {
    while let line = nextLine() {
      let record = try Record.line(Array(line), path: path, number: lineNumber, of: kinds)
      if let record { return record }
    }
    return nil
  }

  private mutating func nextLine() -> Data? {
    guard position < data.endIndex else { return nil }
    let rest = data[position...]
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
    position = end < data.endIndex ? data.index(after: end) : end
    lineNumber += 1
    return rest[..<end]
  }
}

extension Record {
  /// The record that `line` has, the `number`th of the file at `path`.
  ///
  /// It is `nil` for a blank line, and for one of a type that isn't among `kinds` or that the
  /// schema does not have.
  package static func line(
    _ line: [UInt8], path: String, number: Int, of kinds: Set<Kind> = Set(Kind.allCases)
  ) throws(AnnotationError) -> Record? {
    if let frame = FrameScanner.frame(line) { return kinds.contains(.frame) ? .frame(frame) : nil }
    if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return nil }
    let place = "\(path):\(number)"
    let remedy = "Give JSON lines as 'stream-detect detect --jsonl' writes them, or COCO results."
    let content = try JSONFile.decode(Line.self, from: Data(line), path: place, remedy: remedy)
    guard let kind = content.kind, kinds.contains(kind) else { return nil }
    switch content.record {
    case .success(let record): return record
    case .failure(let error): throw JSONFile.error(error, path: place, remedy: remedy)
    case nil: return nil
    }
  }
}

/// Any JSON object with a `type`.
private struct Line: Decodable {
  private enum Key: CodingKey { case type }

  /// `nil` for a type that the schema does not have.
  var kind: Record.Kind?
  /// What is wrong with a record only matters to those who want its kind.
  var record: Result<Record, any Error>?

  init(from decoder: any Decoder) throws {
    let type = try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .type)
    kind = type.flatMap(Record.Kind.init)
    record = kind.map { kind in Result { try Record(kind, from: decoder) } }
  }
}
