import Foundation
import Output
import Pipeline
import TestSupport
import Testing

@testable import StreamDetect

@Suite("Outputs that would destroy an input")
struct OutputCheckTests {
  @Test("what a playlist names is looked up if a file is written, and only then")
  func playlists() throws {
    let folder = try TemporaryFolder()
    try folder.add("segment.ts", "G")
    try folder.add("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsegment.ts\n")
    func knowsSegment(_ lines: String?) -> Bool {
      var outputs = RunOutputs()
      outputs.jsonLines = lines
      let source = MediaSource(folder.path + "/a.m3u8")
      return OutputCheck(outputs, sources: [source]).inputs.contains(folder.path + "/segment.ts")
    }
    #expect(!knowsSegment(nil))
    #expect(!knowsSegment("-"))
    #expect(!knowsSegment("/dev/null"))
    #expect(knowsSegment(folder.path + "/out.jsonl"))
  }
}
