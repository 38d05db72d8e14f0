import Foundation
import Support
import TestSupport
import Testing

@Suite("Names as bytes")
struct FileNameTests {
  @Test("every name survives as a text, and no two names share one")
  func roundTrip() {
    var random = SplitMix64(seed: 41)
    var texts: [String: [UInt8]] = [:]
    for _ in 0..<2000 {
      // Bytes of UTF-8 and of the characters that stand for other bytes are likely.
      let name = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        [0x61, 0xC3, 0xA9, 0xE9, 0xF4, 0x8F, 0xBF, 0xBE, 0x80, 0xFF].randomElement(using: &random)
          ?? UInt8.random(in: 1...255, using: &random)
      }
      let text = FileName.text(name)
      #expect(FileName.bytes(text) == name)
      #expect(FileName.cString(text).dropLast().map { UInt8(bitPattern: $0) } == name)
      #expect(texts.updateValue(name, forKey: text) ?? name == name, "\(name)")
    }
  }

  @Test("UTF-8 stands for itself")
  func plain() {
    for text in ["a", "é", "e\u{301}", "日本", "🎥", "\u{10FF7F}"] {
      #expect(FileName.text(Array(text.utf8)) == text)
      #expect(!FileName.hasRawBytes(text))
    }
    #expect(FileName.text([0x61, 0xE9]) == "a\u{10FFE9}")
  }

  @Test("JSON shows a byte by its digits, and gives it back")
  func json() throws {
    var json = JSONWriter()
    json.beginArray()
    json.string(FileName.text([0x63, 0xE9, 0x80]) + "é")
    json.endArray()
    let line = String(decoding: json.bytes, as: UTF8.self)
    #expect(line == #"["c\udbff\udfe9\udbff\udf80é"]"#)
    let read = try JSONDecoder().decode([String].self, from: Data(json.bytes))
    #expect(read.map { FileName.bytes($0) } == [[0x63, 0xE9, 0x80] + Array("é".utf8)])
  }

  @Test("a folder's listing keeps names that are not UTF-8, in the order of their bytes")
  func listing() throws {
    let folder = try TemporaryFolder()
    let names: [[UInt8]] = [[0x61, 0xE9], [0x61, 0xC3, 0xA9], [0xFF], [0x62]]
    for name in names {
      let path = FileName.cString(PathText.join(folder.path, FileName.text(name)))
      #expect(unsafe close(open(path, O_CREAT | O_WRONLY, 0o600)) == 0)
    }
    let listed = try FolderListing.names(in: folder.path).map { FileName.bytes($0) }
    #expect(listed == [[0x61, 0xC3, 0xA9], [0x61, 0xE9], [0x62], [0xFF]])
  }
}
