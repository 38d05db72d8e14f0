import Testing

@testable import StreamDetect
@testable import stream_detect
@testable import Support

@Suite("The command line's own syntax")
struct SyntaxTests {
  @Test(
    "times are read as ffmpeg reads them",
    arguments: [
      ("90", 90), ("1.5", 1.5), (".5", 0.5), ("2s", 2), ("500ms", 0.5), ("250us", 0.00025),
      ("1:30", 90), ("01:02:03.25", 3723.25), ("100:00:00", 360_000), ("0", 0),
    ] as [(String, Double)])
  func times(text: String, seconds: Double) {
    #expect(TimeSpan(text)?.seconds == seconds)
  }

  @Test(
    "text that is not a time is rejected",
    arguments: [
      "", "-1", "soon", "1m", "1:60", "1:2:3:4", "1:", ":1:", "0x10", "nan", "inf", "1e3", "1..2",
      "60:00:", "1 s", "99999999999", "s", ".", "1:75:00",
    ])
  func noTimes(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test("a range of delays must be ascending")
  func ranges() {
    #expect(TimeRange("1s..30s") == TimeRange(first: 1, longest: 30))
    #expect(TimeRange("500ms..0:02") == TimeRange(first: 0.5, longest: 2))
    #expect(TimeRange("5") == TimeRange(first: 5, longest: 5))
    for text in ["30..1", "..", "1..", "..3", "a..b", "1..2..3"] {
      #expect(TimeRange(text) == nil, "\(text)")
    }
  }

  @Test("the nearest names are those with the fewest edits, without distant ones")
  func nearest() {
    let names = ["person", "car", "cat", "traffic light", "train"]
    #expect(nearestNames(to: "persn", among: names) == ["person"])
    #expect(nearestNames(to: "Cart", among: names) == ["car", "cat"])
    #expect(nearestNames(to: "trafic-light", among: names) == ["traffic light"])
    #expect(nearestNames(to: "zebrafish", among: names).isEmpty)
  }

  @Test("control characters in a name never reach the terminal")
  func printableNames() {
    #expect(printable("a\u{1B}[2Jb\n\u{9B}") == "a\\u{1b}[2Jb\\n\\u{9b}")
    #expect(sentence("no end") == "no end." && sentence("end.") == "end." && sentence("") == "")
  }

  @Test("numbers in tables have a fixed number of digits")
  func tables() {
    #expect(decimals(1.5, 3) == "1.500" && decimals(2, 0) == "2" && decimals(0.0004, 3) == "0.000")
    #expect(aligned([["a", "1"], ["bcd", "22"]], leftColumns: 1) == ["a     1", "bcd  22"])
  }
}
