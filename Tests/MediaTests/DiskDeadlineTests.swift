import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Support

@Suite("Calls that never return")
struct GivenUpCallTests {
  @Test("a call that returns gives its result, on threads that are used again")
  func results() throws {
    for number in 0..<200 {
      #expect(try GivenUpCall.run(until: { false }) { number } == number)
    }
  }

  @Test("a call that does not return is given up, and ends later without harm")
  func givingUp() throws {
    let gate = DispatchSemaphore(value: 0)
    let isDone = Locked(false)
    var asked = 0
    #expect(throws: GivenUpCall.Failure.givenUp) {
      try GivenUpCall.run(
        until: {
          asked += 1
          return asked > 2
        },
        {
          gate.wait()
          isDone.withLock { $0 = true }
        })
    }
    #expect(!isDone.withLock { $0 })
    gate.signal()
    #expect(waitUntil { isDone.withLock { $0 } })
  }

  @Test("so many hanging calls are enough: no more are made until one returns")
  func bound() async {
    await #expect(processExitsWith: .success) {
      let gate = DispatchSemaphore(value: 0)
      for _ in 0..<GivenUpCall.most {
        #expect(throws: GivenUpCall.Failure.givenUp) {
          try GivenUpCall.run(until: { true }) { gate.wait() }
        }
      }
      #expect(throws: GivenUpCall.Failure.noThread) {
        try GivenUpCall.run(until: { true }) { 1 }
      }
      for _ in 0..<GivenUpCall.most { gate.signal() }
      #expect(waitUntil { (try? GivenUpCall.run(until: { false }) { 1 }) == 1 })
    }
  }
}

#if os(Linux)
@Suite("A drive that stops answering", .requires(.media), .requires(.mount))
struct StuckDriveTests {
  private func code(_ location: String, open: Double, read: Double) -> String? {
    var options = InputOptions()
    options.openTimeout = open
    options.readTimeout = read
    do {
      _ = try Reading(location, options: options)
      return nil
    } catch {
      return (error as? MediaError)?.code.rawValue ?? "\(error)"
    }
  }

  @Test("opening a file ends in time, wherever the drive is stuck")
  func opening() throws {
    let drive = try StuckDrive(Data(contentsOf: URL(filePath: media("plain.ts"))), readable: 0)
    for name in ["stat.ts", "open.ts", "read.ts", "read.jpg"] {
      let start = ContinuousClock.now
      #expect(code(drive.path + "/" + name, open: 0.3, read: longWait) == "open_timeout", "\(name)")
      #expect(ContinuousClock.now - start < .seconds(longWait))
    }
  }

  @Test("reading a file ends in time, with the frames that came")
  func reading() throws {
    // A clip that is longer than what is read for its description.
    let folder = try TemporaryFolder()
    let clip = try folder.addNoise(frames: 100, width: 320, height: 240)
    let bytes = try Data(contentsOf: URL(filePath: clip))
    let drive = try StuckDrive(bytes, readable: bytes.count / 2)
    var options = InputOptions()
    options.openTimeout = longWait
    options.readTimeout = 0.5
    let reader = try VideoReader(drive.path + "/late.y4m", options: options)
    var frames = 0
    let error = #expect(throws: MediaError.self) {
      while try reader.next() != nil { frames += 1 }
    }
    #expect(error?.code == .readTimeout && error?.isTransient == true)
    #expect(error?.remedy.contains("drive") == true)
    #expect(frames > 10)
  }

  @Test("cancelling ends a call to the drive")
  func cancelling() throws {
    let drive = try StuckDrive(Data(contentsOf: URL(filePath: media("plain.ts"))), readable: 0)
    let cancellation = Cancellation()
    Thread.detachNewThread {
      usleep(200_000)
      cancellation.cancel()
    }
    let error = #expect(throws: MediaError.self) {
      var options = InputOptions()
      options.openTimeout = 0
      return try VideoReader(drive.path + "/read.ts", options: options, cancellation: cancellation)
    }
    #expect(error?.code == .cancelled)
  }
}
#endif
