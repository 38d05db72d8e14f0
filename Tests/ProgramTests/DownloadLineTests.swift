import TestSupport
import Testing

@testable import Download
@testable import stream_detect

@Suite("The progress of a download")
struct DownloadLineTests {
  @Test("shows how much there is, of how much, and how fast it comes")
  func lines() throws {
    var progress = DownloadControl.Progress()
    progress.received = 6_800_000
    progress.receivedNow = 4_200_000
    let unknown = DownloadLine(name: "net", progress: progress, seconds: 2)
    #expect(unknown.bar == "net  6.8 MB  2.1 MB/s")
    #expect(unknown.plain == "net: 6.8 MB  2.1 MB/s")
    progress.total = 13_600_000
    let half = DownloadLine(name: "net", progress: progress, seconds: 2)
    #expect(half.bar == "net  [##########----------]  50 %  6.8 of 13.6 MB  2.1 MB/s")
    let json = try JSONValue(parsing: half.json)
    #expect(json["type"]?.string == "download" && json["fraction"]?.number == 0.5)
    #expect(json["received"]?.integer == 6_800_000 && json["total"]?.integer == 13_600_000)
  }

  @Test("sizes have a unit")
  func sizes() {
    #expect(ByteCount(argument: "100MB")?.value == 100_000_000)
    #expect(ByteCount(argument: "2GiB")?.value == 2 << 30)
    #expect(ByteCount(512 << 20).defaultValueDescription == "512MiB")
    for text in ["", "100", "MB", "0MB", "-1MB", "1.5MB", "99999999999999GB"] {
      #expect(ByteCount(argument: text) == nil)
    }
  }
}
