import Foundation
import TestSupport
import Testing

@testable import stream_detect

/// What a program can be started with, or without.
@Suite("Descriptors, limits and arguments at the start", .requires(.media))
struct StartTests {
  /// Runs the program here through the shell, with the tiny model and without progress.
  private func run(_ place: Workplace, _ script: String) throws -> Program.Outcome {
    try FileManager.default.copyItem(atPath: media("image.jpg"), toPath: place.path + "/a.jpg")
    return try Program.shell(
      "RUN() { \"$PROGRAM\" \"$@\" --model '\(TinyModel.detector)' --progress none; }\n" + script,
      in: place.path)
  }

  @Test(
    "a file output is complete whichever of the standard descriptors are closed",
    arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", ">&- 2>&-"])
  func closed(redirections: String) throws {
    let place = try Workplace()
    let outcome = try run(place, "RUN a.jpg missing.jpg --jsonl o.jsonl --frames f \(redirections)")
    #expect(outcome.status == 3, "\(outcome.errors)")
    // Every line is a result: no message stands among them.
    var written = outcome
    written.output = try place.text("o.jsonl")
    try checkAccount(written)
    #expect(place.exists("f/a.jpg"))
  }

  @Test(
    "a video is complete, too, with closed descriptors", arguments: ["<&-", "2>&-", "<&- >&- 2>&-"])
  func closedVideo(redirections: String) throws {
    let place = try Workplace()
    let outcome = try run(
      place, "RUN '\(media("marker.mp4"))' --video o.mp4 \(redirections)")
    #expect(outcome.status == 0 && place.exists("o.mp4"))
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "results for a closed standard output are exit 6, by any of its names",
    arguments: ["-", "/dev/stdout", "/dev/fd/1"])
  func noOutput(name: String) throws {
    let outcome = try run(Workplace(), "RUN a.jpg --jsonl \(name) >&-")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("bad file descriptor"), "\(outcome.errors)")
  }

  @Test(
    "threads that the system doesn't give are exit 4, not a wait without end",
    arguments: ["RUN a.jpg", "RUN a.jpg --jsonl o.jsonl --threads 64", "RUN probe a.jpg"])
  func noThreads(command: String) throws {
    let place = try Workplace()
    // Room for the program and one stack.
    let command = command.replacing("RUN probe", with: "\"$PROGRAM\" probe")
    let outcome = try run(place, "ulimit -s 3000000; ulimit -v 5500000; \(command)")
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("too few threads"), "\(outcome.errors)")
    #expect(!place.exists("o.jsonl"))
  }

  @Test("a closed standard input is empty")
  func noInput() throws {
    let outcome = try run(Workplace(), "RUN - <&-")
    #expect(outcome.status == 3, "\(outcome.errors)")
    try checkAccount(outcome)
  }

  @Test("standard output by another name goes on where the shell has begun")
  func namedOutput() throws {
    let place = try Workplace()
    let outcome = try run(
      place,
      "echo before > log; RUN a.jpg --jsonl /dev/stdout >> log; RUN a.jpg --jsonl /dev/fd/3 3>> log"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let log = try place.text("log")
    #expect(log.hasPrefix("before\n"))
    #expect(log.components(separatedBy: #""type":"summary""#).count == 3)
  }

  @Test("too few files are exit 2 with a sentence, never a signal", arguments: [4, 5, 6, 8, 12])
  func limit(files: Int) throws {
    // Without core dumps, and without the toolchain's crash reporter.
    let outcome = try run(
      Workplace(),
      "ulimit -c 0; ulimit -n \(files); export SWIFT_BACKTRACE=enable=no; RUN a.jpg --jsonl o.jsonl"
    )
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("ulimit -n 1024"), "\(outcome.errors)")
  }

  @Test("a soft limit is raised as far as the system allows")
  func softLimit() throws {
    let outcome = try run(Workplace(), "ulimit -Sn 6; RUN a.jpg")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("a limit on the size of files is exit 6, for every output", arguments: ["jsonl", "mp4"])
  func fileSize(kind: String) throws {
    let place = try Workplace()
    let sources = [String](repeating: "'\(media("plain.mp4"))'", count: 8).joined(separator: " ")
    let output =
      kind == "mp4" ? "'\(media("plain.mp4"))' --video o.mp4" : "\(sources) --jsonl o.jsonl"
    let outcome = try run(
      place, "ulimit -c 0; export SWIFT_BACKTRACE=enable=no; ulimit -f 4; RUN \(output)")
    #expect(outcome.status == 6, "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("file too large"), "\(outcome.errors)")
    #expect(!place.exists("o.\(kind)"))
  }

  #if os(Linux)
  @Test("the arguments are known where the kernel has put them")
  func stack() {
    #expect(ProcessArguments.onStack() == CommandLine.arguments)
    #expect(ProcessArguments.all == CommandLine.arguments)
  }

  @Test("without /proc the arguments are read", .requires(.mountNamespaces))
  func noProc() throws {
    let place = try Workplace()
    let outcome = try run(
      place,
      "unshare -m bash -c 'umount -l /proc; exec \"$@\"' - \"$PROGRAM\" a.jpg --model "
        + "'\(TinyModel.detector)' --jsonl 'o p.jsonl'")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.exists("o p.jsonl"))
  }
  #endif
}

extension Requirement {
  /// The right to unmount something for one process.
  fileprivate static let mountNamespaces = Requirement(
    "mount-namespaces", absence: "unshare -m is not permitted"
  ) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["unshare", "-m", "umount", "-l", "/proc"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
