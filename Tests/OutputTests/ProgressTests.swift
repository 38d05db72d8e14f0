import TestSupport
import Testing

@testable import Output
@testable import Pipeline

@Suite("Progress")
struct ProgressTests {
  private func progress(_ change: (inout PipelineProgress) -> Void) -> PipelineProgress {
    var progress = PipelineProgress()
    progress.source = "clip.mp4"
    progress.sourcesTotal = 1
    progress.frames = 1200
    progress.objects = 412
    progress.elapsed = 12
    progress.framesPerSecond = 93.44
    progress.fraction = 0.5
    change(&progress)
    return progress
  }

  @Test("a bar shows the share, the speed and the time left")
  func bar() {
    #expect(
      progress { _ in }.bar()
        == "clip.mp4  [##########----------]  50 %  1200 frames  93.4/s  412 objects  0:12 left")
  }

  @Test("a name cannot steer the terminal or turn the line around")
  func unsafeName() {
    let line = progress { $0.source = "a\u{9B}2J\u{202E}4pm.b" }
    let name = #"a\u{9b}2J\u{202e}4pm.b"#
    #expect(line.bar().hasPrefix(name + "  ["))
    #expect(line.plain().hasPrefix(name + ": "))
  }

  @Test("with several sources the bar shows the current one and the share of all")
  func severalSources() {
    let text = progress {
      $0.sourcesTotal = 4
      $0.sourcesDone = 1
    }.bar()
    #expect(text.hasPrefix("2/4  clip.mp4  [#######-------------]  37 %"))
  }

  @Test("a source of unknown length has no share")
  func unknownLength() {
    let unknown = progress { $0.fraction = nil }
    #expect(unknown.bar() == "clip.mp4  1200 frames  93.4/s  412 objects")
    #expect(unknown.plain() == "clip.mp4: 1200 frames, 93.4 frames/s, 412 objects")
    // A classifier finds none.
    #expect(unknown.bar(false) == "clip.mp4  1200 frames  93.4/s")
    #expect(unknown.plain(false) == "clip.mp4: 1200 frames, 93.4 frames/s")
    #expect(!unknown.json(isDone: false, false).contains("objects"))
    #expect(!unknown.last(false).contains("objects"))
  }

  @Test("live sources have a lag")
  func lag() throws {
    let live = progress {
      $0.fraction = nil
      $0.lag = 1.26
    }
    #expect(live.bar() == "clip.mp4  1200 frames  93.4/s  412 objects  lag 1.3 s")
    #expect(
      live.plain() == "clip.mp4: 1200 frames, 93.4 frames/s, 412 objects, lag 1.3 s")
    #expect(try JSONValue(parsing: live.json(isDone: false))["lag"]?.number == 1.26)
    #expect(try JSONValue(parsing: progress { _ in }.json(isDone: false))["lag"] == .null)
  }

  @Test("the last line has the speed of the whole run")
  func lastLine() {
    #expect(
      progress { _ in }.last() == "done: 1200 frames in 12.0 s (100.0 frames/s), 412 objects")
  }

  @Test("the JSON form is JSON")
  func json() throws {
    let value = try JSONValue(parsing: progress { _ in }.json(isDone: false))
    #expect(value["type"]?.string == "progress")
    #expect(value["fraction"]?.number == 0.5)
    #expect(value["fps"]?.number == 93.44)
    #expect(value["done"] == .bool(false))
  }
}
