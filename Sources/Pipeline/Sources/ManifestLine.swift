internal import Foundation
internal import Support

/// One line of a manifest.
struct ManifestLine: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case id, uri, start, end, options

    /// Those of lines that only name a source.
    static let naming = [Key.id, .uri]
  }

  /// Any key, to find those that a line can't have.
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Seconds, or a time as on the command line.
  private struct Time: Decodable {
    /// `nil` for what is no time.
    var seconds: Double?

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Double.self) {
        seconds = number >= 0 && number < 1e9 ? number : nil
      } else {
        seconds = TimeSpan(try value.decode(String.self))?.seconds
      }
    }
  }

  /// An option's value: a text, a number, a flag or several of them.
  private struct Value: Decodable {
    var texts: [String]
    var isFlag = false
    private var isList = false

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let flag = try? value.decode(Bool.self) {
        (texts, isFlag) = (flag ? ["true"] : [], true)
      } else if let number = try? value.decode(Double.self) {
        texts = [Int(exactly: number).map { "\($0)" } ?? "\(number)"]
      } else if let text = try? value.decode(String.self) {
        texts = [text]
      } else {
        let list = try value.decode([Value].self)
        guard list.allSatisfy({ !$0.isFlag && !$0.isList }) else {
          throw DecodingError.dataCorruptedError(in: value, debugDescription: "nested lists")
        }
        texts = list.flatMap(\.texts)
        isList = true
      }
    }
  }

  let id: String?
  let uri: String?
  private let keys: [String]
  private let start: Time?
  private let end: Time?
  private let options: [String: Value]

  init(from decoder: any Decoder) throws {
    keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    let values = try decoder.container(keyedBy: Key.self)
    id = try values.decodeIfPresent(String.self, forKey: .id)
    uri = try values.decodeIfPresent(String.self, forKey: .uri)
    start = try values.decodeIfPresent(Time.self, forKey: .start)
    end = try values.decodeIfPresent(Time.self, forKey: .end)
    options = try values.decodeIfPresent([String: Value].self, forKey: .options) ?? [:]
  }

  /// A key that means nothing, and the one that is nearest to it.
  func unknownKey(takesSettings: Bool) -> (name: String, nearest: String?)? {
    let names = (takesSettings ? Key.allCases : Key.naming).map(\.rawValue)
    return keys.filter { !names.contains($0) }.min()
      .map { ($0, nearestNames(to: $0, among: names, count: 1).first) }
  }

  /// What is wrong with the times, and what to do.
  var fault: (message: String, remedy: String)? {
    for (name, time) in [("start", start), ("end", end)] where time != nil && time?.seconds == nil {
      return ("The \(name) isn't a time.", "Give seconds, or a text such as \"1:30\".")
    }
    if let end = end?.seconds, end <= start?.seconds ?? 0 {
      return ("The end is not after the start.", "Give a later end.")
    }
    return nil
  }

  /// What the line says about its sources besides their names; `place` is where the line is.
  func settings(at place: String) -> SourceSettings? {
    guard start != nil || end != nil || !options.isEmpty else { return nil }
    return SourceSettings(
      part: start == nil && end == nil
        ? nil : SourcePart(start: start?.seconds, end: end?.seconds),
      options: options.sorted { $0.key < $1.key }.map { name, value in
        SourceSettings.Option(name: name, values: value.texts, isFlag: value.isFlag)
      }, place: place)
  }
}
