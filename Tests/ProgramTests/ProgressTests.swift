import TestSupport
import Testing

struct ProgressTests {
  @Test("progress and messages can be JSON, or nothing", .requires(.media))
  func messages() throws {
    let place = try Workplace()
    let json = try place.detect(
      media("marker.mp4"), "missing.mp4", "--progress", "json", "--log-format", "json", "--limit",
      "3")
    let lines = try parsedLines(json.errors)
    #expect(lines.contains { $0["type"]?.string == "progress" && $0["frames"]?.integer == 3 })
    #expect(lines.contains { $0["type"]?.string == "log" && $0["level"]?.string == "error" })
    #expect(try place.detect(media("marker.mp4"), "-q", "--limit", "3").errors.isEmpty)
  }
}
