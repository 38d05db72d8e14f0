import Foundation
import TestSupport
import Testing

@Suite("What sources may open, and what is shown of them", .requires(.media))
struct OpeningTests {
  @Test("a playlist outside its folder is exit 3 and names the remedy, which works")
  func allow() throws {
    let place = try Workplace()
    let files = FileManager.default
    try files.createDirectory(atPath: place.path + "/in", withIntermediateDirectories: true)
    try files.copyItem(atPath: media("plain.ts"), toPath: place.path + "/other.ts")
    try place.write("ffconcat version 1.0\nfile \(place.path)/other.ts\n", to: "in/x.mp4")
    let refused = try place.detect("in/x.mp4")
    #expect(refused.status == 3)
    #expect(try refused.end()["reason"]?.string?.hasPrefix("not_allowed: ") == true)
    #expect(refused.errors.contains("--allow '\(place.path)'"), "\(refused.errors)")
    let allowed = try place.detect("in/x.mp4", "--allow", place.path)
    #expect(allowed.status == 0, "\(allowed.errors)")
    #expect(try Counts(allowed.end()).processed == 50)
    #expect(try place.detect("in/x.mp4", "--allow", "http").status == 3)
    #expect(try place.detect("in/x.mp4", "--allow", "http://a").status == 2)
    #expect(try place.detect("in/x.mp4", "--allow", "htpp").status == 2)
  }

  @Test("secrets reach neither results nor logs nor the names of folders")
  func secrets() throws {
    let place = try Workplace()
    let closed = try LocalSocket(isListening: false)
    let host = "127.0.0.1:\(closed.port)"
    let outcome = try place.detect(
      "http://\(host)/?url=rtsp://u:HUSH@cam", "http://\(host)/a?loginpas=HUSH&md5=HUSH",
      "http://\(host)/?u=rtsp%3A%2F%2Fu%3AHUSH%40cam", "http://us/er:HUSH/x@\(host)/a",
      "--jsonl", "o.jsonl", "--frames", "out", "-v")
    #expect(outcome.status == 4)
    let names = FileManager.default.enumerator(atPath: place.path)?.allObjects ?? []
    let all = try outcome.output + outcome.errors + place.text("o.jsonl") + "\(names)"
    #expect(!all.contains("HUSH"), "\(all)")
  }

  @Test("a name can't steer the terminal from a result or a message")
  func names() throws {
    let place = try Workplace()
    let name = "a\u{9B}31m\u{202E}4pm.mp4"
    try place.write("text", to: name)
    let outcome = try place.detect(name)
    #expect(outcome.status == 3)
    let scalars = (outcome.output + outcome.errors).unicodeScalars
    #expect(!scalars.contains { ["\u{9B}", "\u{202E}"].contains($0) })
    #expect(outcome.output.contains(#"a\u009b31m\u202e4pm.mp4"#))
    #expect(try outcome.end()["source"]?.string == name)
  }
}
