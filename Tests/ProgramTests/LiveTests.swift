import Foundation
import TestSupport
import Testing

@Suite("Live sources", .serialized, .requires(.media), .timeLimit(.minutes(20)))
struct LiveTests {
  private func jpeg() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: media("photo.jpg"))))
  }

  /// A camera that sends pictures until it is told to stop.
  private func camera(port: Int = 0, pictures: Int = .max, every: Double = 0.05) throws
    -> StreamServer
  {
    let jpeg = try jpeg()
    return try StreamServer(port: port) { exchange in
      exchange.beginPictures()
      for _ in 0..<pictures {
        guard exchange.sendPicture(jpeg) else { return }
        Thread.sleep(forTimeInterval: every)
      }
    }
  }

  private func start(_ place: Workplace, _ arguments: String...) throws -> Running {
    try Running(
      Program.path,
      arguments + ["--model", TinyModel.detector, "--progress", "none", "--threads", "1"],
      in: place.path)
  }

  private func frames(_ running: Running, _ source: String) throws -> Int {
    try running.output().split(separator: "\n").count {
      $0.hasPrefix(#"{"type":"frame","source":"\#(source)""#)
    }
  }

  @Test("several MJPEG cameras are read at once, beside a file, with times of arrival")
  func cameras() throws {
    let place = try Workplace()
    let one = try camera()
    let two = try camera()
    let running = try start(
      place, media("plain.mp4"), one.url("/one"), two.url("/two"), media("marker.mp4"))
    try running.waitUntil {
      try frames(running, one.url("/one")) > 9 && frames(running, two.url("/two")) > 9
        && running.output().components(separatedBy: #"{"type":"source""#).count > 4
    }
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
    try checkAccount(outcome)
    for line in try outcome.lines("frame") {
      let isLive = try #require(line["source"]?.string).hasPrefix("http")
      #expect((line["wall"]?.string != nil) == isLive && (line["lag"]?.number != nil) == isLive)
    }
    let kinds = try outcome.lines("source").compactMap { $0["kind"]?.string }
    #expect(kinds.sorted() == ["file", "file", "live", "live"])
    #expect(try outcome.lines("end").count == 4)
  }

  @Test("an MJPEG camera that restarts is opened again")
  func restart() throws {
    let place = try Workplace()
    let server = try camera(pictures: 20)
    let running = try start(place, server.url("/cam"), "--reconnect-delay", "10ms..20ms")
    try running.waitUntil {
      try running.output().components(separatedBy: #""state":"restored""#).count > 3
    }
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(try #require(try outcome.end()["reconnects"]?.integer) >= 3)
  }

  @Test("--no-live reads a camera's pictures like a file, and --live an address like a camera's")
  func overridden() throws {
    let place = try Workplace()
    let clip = [UInt8](try Data(contentsOf: URL(filePath: media("plain.ts"))))
    let jpeg = try jpeg()
    let server = try StreamServer { exchange in
      guard exchange.path != "/clip.ts" else { return exchange.sendAll(clip, type: "video/mp2t") }
      exchange.beginPictures()
      for _ in 0..<30 { exchange.sendPicture(jpeg) }
    }
    let file = try place.detect(server.url("/pictures"), "--no-live")
    #expect(try file.lines("source").first?["kind"]?.string == "file", "\(file.errors)")
    #expect(try Counts(file.end()).processed == 30)
    let live = try place.detect(server.url("/clip.ts"), "--live", "--reconnect-max", "0")
    #expect(live.status == 0, "\(live.errors)")
    #expect(try live.lines("source").first?["kind"]?.string == "live")
  }

  @Test("a file whose length the server doesn't tell is read whole, once")
  func lengthUnknown() throws {
    let place = try Workplace()
    let clip = [UInt8](try Data(contentsOf: URL(filePath: media("plain.ts"))))
    let server = try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
      exchange.send(clip)
    }
    let outcome = try place.detect(server.url("/clip.ts"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(try Counts(outcome.end()).processed == 50)
    #expect(try outcome.lines("gap").isEmpty)
  }

  @Test("a camera that is down at the start is waited for, and the log says so once")
  func downAtStart() throws {
    let place = try Workplace()
    let port = try LocalSocket(isListening: false).port
    let running = try start(
      place, "http://127.0.0.1:\(port)/cam", "--live", "--reconnect-delay", "10ms..20ms")
    try running.waitUntil {
      try running.output().components(separatedBy: #""state":"lost""#).count > 8
    }
    let server = try camera(port: port)
    try running.waitUntil { try frames(running, "http://127.0.0.1:\(server.port)/cam") > 3 }
    running.send(SIGINT)
    let outcome = try running.wait()
    try checkAccount(outcome)
    let warnings = outcome.errors.split(separator: "\n").filter { $0.contains("127.0.0.1") }
    #expect(warnings.count <= 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("not available yet") && outcome.errors.contains("restored"))
  }

  @Test("a pause of the program itself is no stall of the camera")
  func ownPause() throws {
    let place = try Workplace()
    let server = try camera()
    let url = server.url("/cam")
    let running = try start(place, url, "--stall-timeout", "5s", "--read-timeout", "5s")
    try running.waitUntil { try frames(running, url) > 3 }
    running.send(SIGSTOP)
    Thread.sleep(forTimeInterval: 8)
    let before = try frames(running, url)
    running.send(SIGCONT)
    try running.waitUntil { try frames(running, url) > before + 20 }
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(try outcome.lines("gap").isEmpty, "\(outcome.errors)")
    #expect(try outcome.end()["reconnects"]?.integer == 0)
  }

  @Test("what waited through a pause of the program has the time at which it came")
  func timesOfPause() throws {
    let place = try Workplace()
    let made = try Program.shell(
      """
      ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=10:d=60 -c:v libx264 -preset ultrafast \
        -pix_fmt yuv420p -g 10 -bf 0 -f mpegts clip.ts
      """, in: place.path)
    #expect(made.status == 0, "\(made.errors)")
    let clip = [UInt8](try Data(contentsOf: URL(filePath: place.path + "/clip.ts")))
    let server = try StreamServer { exchange in
      exchange.send("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
      let began = Date()
      var sent = 0
      while sent < clip.count {
        let due = min(Int(-began.timeIntervalSinceNow / 60 * Double(clip.count)), clip.count)
        guard sent == due || exchange.send(Array(clip[sent..<due])) else { return }
        sent = due
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
    let url = server.url("/cam")
    let running = try start(place, url, "--live", "--live-policy", "block")
    try running.waitUntil { try frames(running, url) > 20 }
    running.send(SIGSTOP)
    Thread.sleep(forTimeInterval: 14)
    let before = try frames(running, url)
    running.send(SIGCONT)
    try running.waitUntil { try frames(running, url) > before + 150 }
    running.send(SIGINT)
    let outcome = try running.wait()
    let date = ISO8601DateFormatter()
    date.formatOptions.insert(.withFractionalSeconds)
    let apart = try outcome.lines("frame").map { line in
      let text = try #require(line["wall"]?.string)
      let wall = try #require(date.date(from: text))
      let t = try #require(line["t"]?.number)
      return wall.timeIntervalSince1970 - t
    }
    let spread = try #require(apart.max()) - #require(apart.min())
    #expect(spread < 3, "\(spread)")
    #expect(try outcome.end()["reconnects"]?.integer == 0)
  }

  @Test("a port that is in use is named from the first attempt on")
  func portInUse() throws {
    let place = try Workplace()
    #if canImport(Darwin)
    let kind = SOCK_DGRAM
    #else
    let kind = Int32(SOCK_DGRAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        unsafe bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
      }
    }
    try #require(isBound)
    let outcome = try place.detect(
      "udp://127.0.0.1:\(UInt16(bigEndian: address.sin_port))", "--reconnect-max", "1",
      "--reconnect-delay", "10ms..20ms")
    #expect(outcome.status == 4, "\(outcome.errors)")
    let reasons = try outcome.lines("gap").compactMap { $0["reason"]?.string }
    #expect(reasons == ["address_in_use"])
  }
}
