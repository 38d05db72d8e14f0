import CFFmpeg
import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

/// A failed allocation is an error of one frame or source; it never ends the program.
///
/// Each test runs in a process of its own, whose FFmpeg refuses blocks above a size.
@Suite("No memory")
struct NoMemoryTests {
  @Test("pictures, frames and their copies throw")
  func pictures() async {
    await #expect(processExitsWith: .success) {
      let shared = try Picture(width: 640, height: 480)
      let held = try VideoFrame(shared)
      let other = try Picture(width: 64, height: 48)
      av_max_alloc(64)
      expectFailure("a picture") { _ = try Picture(width: 1920, height: 1080) }
      expectFailure("drawing on a shared picture") {
        try shared.fillRectangle(x: 0, y: 0, width: 10, height: 10, color: .white)
      }
      expectFailure("a frame of a picture") { _ = try VideoFrame(other) }
      expectFailure("a frame in memory") {
        _ = try FrameMemory(.rgb24, width: 1920, height: 1080, isFullRange: true)
      }
      expectFailure("a copy") { _ = try Picture(held, converter: PictureConverter()) }
      expectFailure("a crop") { _ = try shared.cropped(x: 0, y: 0, width: 300, height: 300) }
      expectFailure("an image file") { try ImageFile.write(shared, path: "/tmp/never-written.png") }
      expectFailure("an image file") { try ImageFile.write(shared, path: "/tmp/never-written.jpg") }
    }
  }

  @Test("readers and writers throw, from whichever block on there is none")
  func readersAndWriters() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      let picture = try Picture(width: 320, height: 240)
      let source = folder("a.png")
      try ImageFile.write(picture, path: source)
      for size in [16, 64, 128, 256, 512, 1024, 4096, 16384, 65536] {
        av_max_alloc(size)
        expectFailure("reading with \(size)") { _ = try VideoReader(source).next() }
        // Probing needs no larger blocks.
        if size <= 512 {
          expectFailure("probing with \(size)") { _ = try SourceProbe(source) }
        }
        for name in ["a.mp4", "a.mkv", "a.avi"] {
          expectFailure("writing with \(size)") {
            let writer = try VideoWriter(
              folder(name), options: VideoWriterOptions(timeBase: TimeBase(1, 25)))
            try writer.write(
              picture, at: PresentationTime(pts: 0, timeBase: TimeBase(1, 25)),
              conforming: PictureConform())
            try writer.finish()
          }
        }
      }
    }
  }
}

/// Ends the process with a failure if `body` succeeds, or throws something else.
private func expectFailure(_ what: String, _ body: () throws -> Void) {
  do {
    try body()
    print("\(what): no error")
    exit(2)
  } catch is MediaError {
  } catch {
    print("\(what): \(error)")
    exit(3)
  }
}
