import Foundation
import Support
import TestSupport
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("keys keep their order, and commas separate values")
  func structure() {
    let line = text { json in
      json.beginObject()
      json.field("b", 1)
      json.field("a", [2, 3])
      json.key("o")
      json.beginArray()
      json.beginObject()
      json.endObject()
      json.beginObject()
      json.field("n", nil as String?)
      json.endObject()
      json.endArray()
      json.field("t", true)
      json.endObject()
      json.endLine()
    }
    #expect(line == #"{"b":1,"a":[2,3],"o":[{},{"n":null}],"t":true}"# + "\n")
  }

  @Test(
    "numbers are rounded to a number of places, and one place is always written",
    arguments: [
      (4.92, 6, "4.92"), (415, 1, "415.0"), (0.87126, 4, "0.8713"), (0, 1, "0.0"),
      (-0.00001, 3, "0.0"), (-1.25, 2, "-1.25"), (1.0000005, 6, "1.000001"), (0.05, 2, "0.05"),
      (359.96, 6, "359.96"), (0.1 + 0.2, 6, "0.3"), (1e6 + 0.04, 1, "1000000.0"), (7, 0, "7.0"),
      (-0.004, 2, "0.0"), (-3, 1, "-3.0"),
    ] as [(Double, Int, String)])
  func numbers(value: Double, decimals: Int, expected: String) {
    #expect(text { $0.number(value, decimals: decimals) } == expected)
  }

  @Test("NaN and infinity become null, and huge numbers stay numbers")
  func unusualNumbers() throws {
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(text { $0.number(value, decimals: 3) } == "null")
    }
    let huge = text { $0.number(1e300, decimals: 6) }
    #expect(Double(huge) == 1e300)
    #expect(text { $0.integer(.min) } == "\(Int.min)")
    #expect(text { $0.integer(.max) } == "\(Int.max)")
  }

  @Test("every string can be read back")
  func strings() throws {
    let names = [
      "plain", "a\"b\\c", "line\nbreak\ttab\r", "\u{0}\u{1}\u{1F}\u{7F}", "Zürich 東京 🚲",
      String(decoding: [0x61, 0xFF, 0x62] as [UInt8], as: UTF8.self), "\u{2028}",
    ]
    for name in names {
      let line = text { $0.string(name) }
      #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
      let value = try JSONSerialization.jsonObject(
        with: Data(line.utf8), options: .fragmentsAllowed)
      #expect(value as? String == name)
    }
  }

  @Test("what steers a terminal, turns the direction of text or ends a line is escaped")
  func unsafeCharacters() throws {
    let name = "a\u{9B}31m\u{85}\u{202E}gpj\u{2066}\u{200F}\u{61C}\u{2028}\u{FEFF}ü東"
    let line = text { $0.string(name) }
    let escapes = #"a\u009b31m\u0085\u202egpj\u2066\u200f\u061c\u2028\ufeffü東"#
    #expect(line == "\"" + escapes + "\"")
    let value = try JSONSerialization.jsonObject(
      with: Data(line.utf8), options: .fragmentsAllowed)
    #expect(value as? String == name)
    #expect(UnsafeText.escaped(inJSON: "{\n\"\(name)\"\n}") == "{\n\"" + escapes + "\"\n}")
    #expect(UnsafeText.escaped("a\nb\u{9B}\u{202E}ü") == #"a\nb\u{9b}\u{202e}ü"#)
  }

  @Test("an emptied buffer starts over without a comma")
  func reuse() {
    let line = text { json in
      json.integer(1)
      json.removeAll()
      json.integer(2)
    }
    #expect(line == "2")
  }

  @Test(
    "moments are written in UTC with milliseconds, and can be read back",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_827_696.5, "2000-02-29T12:34:56.500Z"),
      (1_795_255_200, "2026-11-21T10:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"),
      (1_704_067_199.999, "2023-12-31T23:59:59.999Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
      (.nan, "1970-01-01T00:00:00.000Z"),
    ] as [(Double, String)])
  func timestamps(seconds: Double, expected: String) throws {
    let text = Timestamp.text(Date(timeIntervalSince1970: seconds))
    #expect(text == expected)
    #expect(try Timestamp.text(#require(Timestamp.date(text))) == expected)
  }

  @Test("every millisecond of the years 1970 to 2096 is written as itself")
  func milliseconds() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2000 {
      let milliseconds = Int.random(in: 0..<4_000_000_000_000, using: &random)
      let text = Timestamp.text(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
      let digits = String(milliseconds % 1000 + 1000).dropFirst()
      #expect(text.hasSuffix(".\(digits)Z"), "\(milliseconds)")
      #expect(try Timestamp.text(#require(Timestamp.date(text))) == text)
    }
  }

  @Test(
    "a text of another form is not a moment",
    arguments: [
      "", "2026-11-21", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000",
      "2026-13-01T00:00:00.000Z", "2026-11-21T24:00:00.000Z", "2026-11-21T10:00:00.000+",
      "+026-11-21T10:00:00.000Z",
    ])
  func notMoments(text: String) {
    #expect(Timestamp.date(text) == nil)
  }
}
