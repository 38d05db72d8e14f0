import Foundation

import TestSupport
import Testing

/// A camera on this machine: Debian's RTSP server, with a clip that ffmpeg streams in a loop.
private final class Camera {
  static let server = "/usr/bin/rtsp-server-perl"

  let url: String
  private let processes: [Process]

  init() throws {
    // One for the clients, one for the source, and those of two streams' RTP and RTCP.
    let port = try LocalSocket.freePorts(8)
    url = "rtsp://127.0.0.1:\(port)/camera"
    let local = ["--client_listen_address", "127.0.0.1", "--source_listen_address", "127.0.0.1"]
    let server = try Self.start(
      Self.server,
      ["-c", "\(port)", "-s", "\(port + 1)", "--rtp_start_port", "\(port + 2)"] + local)
    // The server needs a moment to start listening, and ffmpeg exits at once if it does not yet.
    let player = try Self.start(
      "/bin/bash",
      [
        "-c",
        """
        for try in $(seq 600); do
          ffmpeg -nostdin -loglevel quiet -re -stream_loop -1 -i "$0" -an -c:v libx264 -g 10 \
            -tune zerolatency -preset ultrafast -f rtsp "$1"
          sleep 0.1
        done
        """, media("plain.mp4"), "rtsp://127.0.0.1:\(port + 1)/camera",
      ])
    processes = [server, player]
  }

  /// Stops the camera: the server and ffmpeg.
  func unplug() {
    for process in processes where process.isRunning {
      // The shell's ffmpeg ends when its server is gone.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  deinit { unplug() }

  private static func start(_ path: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}

@Suite(
  "A camera over RTSP", .serialized,
  .requires(.media),
  .requires(
    Requirement("rtsp-server", absence: "Debian's rtsp-server-perl is not installed") {
      FileManager.default.isExecutableFile(atPath: Camera.server)
    }))
struct RTSPTests {
  // This server speaks RTP over UDP only.
  private let options = ["--rtsp-transport", "udp", "--progress", "none"]

  @Test("frames have wall-clock times, and --limit ends the run")
  func watch() throws {
    let place = try Workplace()
    let camera = try Camera()
    var outcome = try run(place, camera, ["--limit", "10"])
    // The server does not know the camera until ffmpeg has announced its stream.
    let isWatched = try waitUntil {
      if outcome.status == 0 { return true }
      usleep(300_000)
      outcome = try run(place, camera, ["--limit", "10"])
      return outcome.status == 0
    }
    #expect(isWatched)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    let source = try #require(try outcome.lines("source").first)
    #expect(source["kind"]?.string == "live")
    #expect(source["uri"]?.string == camera.url)
    // The stream is joined between two keyframes, so the first packets decode to nothing. On a busy
    // machine some of the others are left out.
    let counts = try Counts(outcome.end())
    #expect(counts.decoded - counts.failed >= 10 && (1...10).contains(counts.processed))
    let frames = try outcome.lines("frame")
    #expect(!frames.isEmpty && frames.allSatisfy { $0["wall"]?.string != nil })
  }

  @Test("a camera that disappears is retried and reported as a transient failure")
  func unplugged() throws {
    let place = try Workplace()
    let camera = try Camera()
    var running = try start(place, camera)
    let isWatched = try waitUntil {
      if try waitForFrames(running) { return true }
      usleep(300_000)
      running = try start(place, camera)
      return false
    }
    try #require(isWatched)
    camera.unplug()
    let outcome = try running.wait()
    #expect(outcome.status == 4, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(try outcome.lines("gap").first?["state"]?.string == "lost")
    #expect(try outcome.end()["status"]?.string == "failed")
  }

  private func run(
    _ place: Workplace, _ camera: Camera, _ arguments: [String]
  ) throws -> Program.Outcome {
    try Program.run(
      [camera.url, "--model", TinyModel.detector] + options + arguments, in: place.path)
  }

  private func start(_ place: Workplace, _ camera: Camera) throws -> Running {
    try Running(
      Program.path,
      [
        camera.url, "--model", TinyModel.detector, "--read-timeout", "2s", "--reconnect-max", "1",
        "--reconnect-delay", "100ms..200ms",
      ] + options, in: place.path)
  }

  /// Whether frames arrive; `false` if the program ends without any.
  private func waitForFrames(_ running: Running) throws -> Bool {
    while running.process.isRunning {
      if try running.output().contains(#""type":"frame""#) { return true }
      usleep(20_000)
    }
    return false
  }
}
