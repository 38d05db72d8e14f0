import Foundation
import TestSupport
import Testing

/// A live playlist of segments of a second, which lists what a test says.
private final class Playlist: Sendable {
  let server: StreamServer
  private let lists: Listing

  /// What is listed, and how often that was asked for.
  final class Listing: @unchecked Sendable {
    // Sendable because everything is reached with the lock only.
    private let lock = NSLock()
    private var text: String?
    private var count = 0

    func set(_ text: String?) { lock.withLock { (self.text, count) = (text, 0) } }
    func take() -> String? {
      lock.withLock {
        count += 1
        return text
      }
    }
    var asked: Int { lock.withLock { count } }
  }

  init(_ place: Workplace) throws {
    _ = try Program.shell(
      """
      ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=10 -c:v libx264 -preset ultrafast \
        -pix_fmt yuv420p -g 25 -bf 0 -f hls -hls_time 1 -hls_list_size 0 a.m3u8
      """, in: place.path)
    let folder = place.path
    let lists = Listing()
    self.lists = lists
    server = try StreamServer { exchange in
      if exchange.path.hasSuffix(".m3u8") {
        guard let text = lists.take() else {
          exchange.send("HTTP/1.0 500 Later\r\nContent-Length: 0\r\n\r\n")
          return
        }
        return exchange.sendAll(Array(text.utf8), type: "application/x-mpegurl")
      }
      let data = try? Data(contentsOf: URL(filePath: folder + exchange.path))
      exchange.sendAll([UInt8](data ?? Data()), type: "video/mp2t")
    }
  }

  var url: String { server.url("/live.m3u8") }
  var asked: Int { lists.asked }

  /// Lists these segments; `nil` makes the server fail.
  func list(_ segments: ClosedRange<Int>?, isOver: Bool = false) {
    guard let segments else { return lists.set(nil) }
    var text =
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n"
      + "#EXT-X-MEDIA-SEQUENCE:\(segments.lowerBound)\n"
    for number in segments { text += "#EXTINF:1.0,\na\(number).ts\n" }
    lists.set(text + (isOver ? "#EXT-X-ENDLIST\n" : ""))
  }
}

@Suite(
  "Live playlists", .serialized, .requires(.ffmpegPrograms), .timeLimit(.minutes(20)))
struct LivePlaylistTests {
  private func start(_ place: Workplace, _ playlist: Playlist, _ more: String...) throws -> Running
  {
    try Running(
      Program.path,
      [
        playlist.url, "--model", TinyModel.detector, "--progress", "none", "--threads", "1",
        "--reconnect-delay", "100ms..200ms",
      ] + more, in: place.path)
  }

  private func frames(_ running: Running) throws -> Int {
    try running.output().components(separatedBy: #"{"type":"frame""#).count - 1
  }

  @Test("one that nothing is added to is lost, and its pictures aren't analysed again and again")
  func stale() throws {
    let place = try Workplace()
    let playlist = try Playlist(place)
    playlist.list(0...4)
    let running = try start(
      place, playlist, "--read-timeout", "3s", "--reconnect-max", "2", "--limit", "200")
    let outcome = try running.wait()
    #expect(outcome.status == 4, "\(outcome.errors)")
    try checkAccount(outcome)
    // The last three segments.
    #expect(try Counts(outcome.end()).decoded <= 75)
    #expect(try outcome.end()["status"]?.string == "failed")
    let states = try outcome.lines("gap").compactMap { $0["state"]?.string }
    #expect(states == ["lost", "lost"])
  }

  @Test("what comes again after a short outage isn't analysed again, and what is new is")
  func overlap() throws {
    let place = try Workplace()
    let playlist = try Playlist(place)
    playlist.list(0...4)
    let running = try start(place, playlist)
    try running.waitUntil { try frames(running) > 30 }
    playlist.list(nil)
    try running.waitUntil { try running.output().contains(#""state":"lost""#) }
    playlist.list(1...5)
    try running.waitUntil { try running.output().contains(#""state":"restored""#) }
    playlist.list(2...6)
    try running.waitUntil { playlist.asked > 1 }
    playlist.list(2...6, isOver: true)
    let outcome = try running.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    // From the third segment to the seventh.
    let counts = try Counts(outcome.end())
    #expect((100...125).contains(counts.decoded), "\(counts)")
    #expect(counts.failed == 0)
  }

  @Test("one that gets its end mark is read to its end, once")
  func ended() throws {
    let place = try Workplace()
    let playlist = try Playlist(place)
    playlist.list(0...4)
    let running = try start(place, playlist)
    try running.waitUntil { try frames(running) > 30 }
    playlist.list(0...4, isOver: true)
    let outcome = try running.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(try Counts(outcome.end()).decoded == 75)
    #expect(try outcome.end()["status"]?.string == "complete")
  }

  @Test("an empty segment at the end is noticed over a connection that serves all of them")
  func keptConnection() throws {
    let place = try Workplace()
    _ = try Playlist(place)
    let folder = place.path
    let server = try StreamServer { exchange in
      var path: String? = exchange.path
      while let name = path {
        let isEmpty = name == "/a9.ts"
        let data = isEmpty ? Data() : try? Data(contentsOf: URL(filePath: folder + name))
        guard let data else { return }
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(data.count)\r\n\r\n")
        guard exchange.send([UInt8](data)) else { return }
        path = exchange.nextRequest()
      }
    }
    let outcome = try place.detect(server.url("/a.m3u8"))
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(try outcome.end()["status"]?.string == "truncated")
    #expect(outcome.errors.contains("/a9.ts"), "\(outcome.errors)")
  }
}
