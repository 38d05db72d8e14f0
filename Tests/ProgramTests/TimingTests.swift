import Foundation
import TestSupport
import Testing

@Suite("Times, limits and what is missing", .serialized, .requires(.media))
struct TimingTests {
  @Test("options that select no frame are a mistake, and say so")
  func nothingSelected() throws {
    let place = try Workplace()
    let outcome = try place.detect(media("plain.mp4"), "--start", "100")
    #expect(outcome.status == 2)
    try checkAccount(outcome)
    #expect(outcome.errors.contains("select none of its 50 frames"))
    #expect(try outcome.end()["status"]?.string == "complete")
    #expect(try outcome.end()["reason"]?.string?.hasPrefix("nothing_selected: ") == true)
    // One that is long enough makes a run of use.
    let both = try place.detect(media("plain.mp4"), media("vfr.mkv"), "--start", "2")
    #expect(both.status == 0 && both.errors.contains("select none of its 50 frames"))
  }

  @Test("a limit counts the frames that are analysed, not those that a live source drops")
  func liveLimit() throws {
    let place = try Workplace()
    let port = try LocalSocket.freePorts(1)
    let sender = Process()
    sender.executableURL = URL(filePath: "/usr/bin/env")
    sender.arguments = [
      "ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", media("plain.ts"), "-c", "copy",
      "-f", "mpegts", "udp://127.0.0.1:\(port)?pkt_size=1316",
    ]
    sender.standardInput = FileHandle.nullDevice
    try sender.run()
    defer {
      // A looping ffmpeg doesn't always end with SIGTERM.
      kill(sender.processIdentifier, SIGKILL)
      sender.waitUntilExit()
    }
    let outcome = try place.detect(
      "udp://127.0.0.1:\(port)", "--limit", "5", "--threads", "1", "--queue", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(try Counts(outcome.end()).processed == 5)
  }

  @Test("a hole in a file ends as gaps, with the code of an input that is bad")
  func gaps() throws {
    let place = try Workplace()
    var bytes = try Data(contentsOf: URL(filePath: media("plain.mkv")))
    let start = bytes.count * 2 / 5
    bytes.replaceSubrange(start..<start + 8192, with: Data(count: 8192))
    try bytes.write(to: URL(filePath: place.path + "/hole.mkv"))
    let outcome = try place.detect("hole.mkv")
    #expect(outcome.status == 3)
    try checkAccount(outcome)
    let status = try #require(try outcome.end()["status"]?.string)
    #expect(status == "gaps" || status == "truncated")
    let sources = try #require(try outcome.lines("summary").first?["sources"])
    #expect(sources[status]?.integer == 1 && sources["complete"]?.integer == 0)
    #expect(outcome.errors.contains("missing"))
  }

  @Test("joined recordings whose clock goes back become one video")
  func joinedVideo() throws {
    let place = try Workplace()
    let made = try Program.shell(
      """
      for offset in 100 0 5000; do
        ffmpeg -v error -y -i '\(media("plain.mp4"))' -c copy -output_ts_offset $offset part.ts
        cat part.ts >> joined.ts
      done
      """, in: place.path)
    #expect(made.status == 0, "\(made.errors)")
    let outcome = try place.detect("joined.ts", "--video", "out.mp4", "--jsonl", "-")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let end = try outcome.end()
    #expect(end["pts_repaired"]?.integer ?? 0 >= 98 && end["last_t"]?.number ?? 99 < 7)
    let length = try Program.shell(
      "ffprobe -v error -show_entries format=duration -of csv=p=0 out.mp4", in: place.path)
    let seconds = Double(length.output.split(separator: "\n").first ?? "") ?? 0
    #expect(abs(seconds - 6) < 0.6)
  }

  @Test("damaged frames are marked and counted, whichever part finds the damage")
  func corruptFrames() throws {
    let place = try Workplace()
    let made = try Program.shell(
      """
      ffmpeg -v error -y -f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v mjpeg -q:v 3 clip.avi
      """, in: place.path)
    #expect(made.status == 0, "\(made.errors)")
    var bytes = try Data(contentsOf: URL(filePath: place.path + "/clip.avi"))
    // One byte in each third picture's scan.
    var position = bytes.startIndex
    var count = 0
    while let scan = bytes[position...].firstRange(of: Data([0xFF, 0xDA])) {
      position = scan.upperBound
      if count % 3 == 0, position + 4000 < bytes.endIndex {
        bytes.replaceSubrange(
          position + 3000..<position + 3008, with: Data(repeating: 0x55, count: 8))
      }
      count += 1
    }
    try bytes.write(to: URL(filePath: place.path + "/clip.avi"))
    let outcome = try place.detect("clip.avi")
    try checkAccount(outcome)
    let flagged = try outcome.lines("frame").filter { $0["flags"] != nil }.count
    let end = try outcome.end()
    #expect(flagged > 0 && end["corrupt"]?.integer == flagged)
    #expect(outcome.errors.contains("damaged frames: \(flagged)"))
  }

  @Test("HTTP that breaks off may be read again; one without a length ends by closing")
  func closing() throws {
    let clip = try [UInt8](Data(contentsOf: URL(filePath: media("plain.ts"))))
    let server = try StreamServer { exchange in
      let head = "HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n"
      if exchange.path == "/half.ts" {
        exchange.send(head + "Content-Length: \(clip.count)\r\n\r\n")
        exchange.send(Array(clip.prefix(clip.count / 2 / 188 * 188)))
      } else {
        exchange.send(head + "\r\n")
        exchange.send(clip)
      }
    }
    let place = try Workplace()
    let half = try place.detect(server.url("/half.ts"))
    #expect(half.status == 4, "\(half.errors)")
    #expect(try half.end()["status"]?.string == "truncated")
    let whole = try place.detect(server.url("/endless.ts"))
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try whole.end()["status"]?.string == "complete")
    let counts = try Counts(whole.end())
    #expect(counts.decoded == 50)
  }
}
