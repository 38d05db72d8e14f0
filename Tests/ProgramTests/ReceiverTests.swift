import Foundation
import TestSupport
import Testing

/// Receivers of a video that go and come back, as ffmpeg programs over each protocol.
@Suite("Receivers", .serialized, .requires(.ffmpegPrograms))
struct ReceiverTests {
  /// Has a receiver write what it gets to `file`.
  private func receiver(
    _ scheme: String, port: Int, to file: String, in place: Workplace
  ) throws -> Running {
    let address = "\(scheme)://127.0.0.1:\(port)"
    let input =
      switch scheme {
      case "tcp": ["-f", "mpegts", "-i", address + "?listen=1"]
      case "rtmp": ["-listen", "1", "-f", "flv", "-i", address + "/live/x"]
      default: ["-f", "mpegts", "-i", address + "?mode=listener"]
      }
    return try Running(
      "/usr/bin/env",
      ["ffmpeg", "-v", "error", "-nostdin", "-y", "-analyzeduration", "500k"] + input
        + ["-c", "copy", "-flush_packets", "1", "-f", "mpegts", file], in: place.path)
  }

  private func size(_ name: String, _ place: Workplace) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: place.path + "/" + name)
    return attributes?[.size] as? Int ?? 0
  }

  @Test(
    "one that goes and comes back gets the newest frames, and the lines miss nothing",
    arguments: ["tcp", "rtmp"])
  func returns(scheme: String) throws { try checkReturn(scheme) }

  @Test("so does one over SRT", .requires(.secureReliableTransport))
  func returnsOverSRT() throws { try checkReturn("srt") }

  private func checkReturn(_ scheme: String) throws {
    let place = try Workplace()
    #expect(unsafe mkfifo(place.path + "/in.ts", 0o600) == 0)
    let port = try LocalSocket.freePorts(1)
    let feed = try Running(
      "/bin/bash",
      [
        "-c",
        "exec ffmpeg -v error -nostdin -re -f lavfi -i testsrc2=s=160x120:r=25 -f lavfi -i sine "
          + "-c:v libx264 -preset ultrafast -g 25 -c:a aac -t 600 -f mpegts - > in.ts",
      ], in: place.path)
    defer { feed.send(SIGKILL) }
    let address = "\(scheme)://127.0.0.1:\(port)" + (scheme == "rtmp" ? "/live/x" : "")
    let first = try receiver(scheme, port: port, to: "first.ts", in: place)
    defer { first.send(SIGKILL) }
    let program = try Running(
      Program.path,
      ["in.ts", "--model", TinyModel.detector, "--video", address, "--jsonl", "out.jsonl"]
        + ["--progress", "none"], in: place.path)
    defer { program.send(SIGKILL) }
    try program.waitUntil { size("first.ts", place) > 30_000 }
    let before = try program.errors().count
    first.send(SIGKILL)
    try program.waitUntil {
      try program.errors().dropFirst(before).contains("It could not be written")
    }
    let second = try receiver(scheme, port: port, to: "second.ts", in: place)
    defer { second.send(SIGKILL) }
    try program.waitUntil { size("second.ts", place) > 30_000 }
    program.send(SIGTERM)
    let outcome = try program.wait()
    #expect(outcome.status == 143, "\(outcome.errors)")
    #expect(outcome.errors.contains("output restored") && outcome.errors.contains("not sent"))
    let lines = try parsedLines(place.text("out.jsonl"))
    let end = try #require(lines.first { $0["type"]?.string == "end" })
    let counts = try Counts(end)
    let frames = lines.count { $0["type"]?.string == "frame" }
    #expect(counts.dropped == 0 && frames == counts.processed, "\(counts)")
  }
}

extension Requirement {
  fileprivate static let secureReliableTransport = Requirement(
    "srt", absence: "this FFmpeg has no SRT"
  ) { try Program.shell("ffmpeg -v error -protocols", in: "/").output.contains("  srt\n") }
}
