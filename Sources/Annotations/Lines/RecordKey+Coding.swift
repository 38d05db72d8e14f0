internal import Foundation
internal import Support

extension JSONWriter {
  mutating func field(_ key: some RecordKey, _ moment: Date) {
    field(key.rawValue, Timestamp.text(moment))
  }
}

extension KeyedDecodingContainer where Key: RecordKey {
  /// Decodes a moment.
  func moment(_ key: Key) throws -> Date {
    guard let moment = Timestamp.date(try decode(String.self, forKey: key)) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "It is not a moment in UTC with milliseconds.")
    }
    return moment
  }

  /// Decodes a moment, or `nil` if the key is absent.
  func momentIfPresent(_ key: Key) throws -> Date? { try contains(key) ? moment(key) : nil }

  /// Decodes an array of two integers.
  func pair(_ key: Key) throws -> (Int, Int) {
    let numbers = try decode([Int].self, forKey: key)
    guard numbers.count == 2 else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "It is not a pair of integers.")
    }
    return (numbers[0], numbers[1])
  }
}
