import Foundation
import Support
import TestSupport
import Testing

@testable import Media
@testable import Pipeline

@Suite("The lane of files, and the live sources among them", .timeLimit(.minutes(20)))
struct LaneBacklogTests {
  private func entries(_ names: String...) -> [LaneBacklog.Entry] {
    names.enumerated().map { index, name in
      .init(source: MediaSource(name), liveLane: name.hasPrefix("http") ? 10 + index : nil)
    }
  }

  @Test("sources come in order; those that the scout finds live are left out")
  func order() {
    let backlog = LaneBacklog(entries("a", "http://cam", "b", "http://film", "http://other"))
    #expect(backlog.next()?.source.name == "a")
    #expect(backlog.needsScout() && !backlog.needsScout())
    var scouted: [String] = []
    backlog.scout { entry in
      scouted.append(entry.source.name)
      return entry.source.name == "http://cam"
    }
    #expect(scouted == ["http://cam", "http://film", "http://other"])
    #expect(backlog.next()?.source.name == "b")
    let film = backlog.next()
    #expect(film?.source.name == "http://film" && film?.liveLane == nil)
    #expect(backlog.next()?.source.name == "http://other")
    #expect(backlog.next() == nil)
  }

  @Test("the reader waits while the scout is at the next source")
  func waiting() {
    let backlog = LaneBacklog(entries("http://cam", "b"))
    let found = Locked<[String]>([])
    let inside = DispatchSemaphore(value: 0)
    let go = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      backlog.scout { _ in
        inside.signal()
        go.wait()
        found.withLock { $0.append("scout") }
        return true
      }
    }
    inside.wait()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let next = backlog.next()
      found.withLock { $0.append(next?.source.name ?? "-") }
      done.signal()
    }
    usleep(50_000)
    #expect(found.withLock { $0 }.isEmpty)
    go.signal()
    done.wait()
    #expect(found.withLock { $0 } == ["scout", "b"])
  }

  @Test("a great many sources take no time of their own")
  func many() {
    let count = 50_000
    let backlog = LaneBacklog(
      (0..<count).map { .init(source: MediaSource("\($0)"), liveLane: nil) })
    let began = ContinuousClock.now
    var taken = 0
    while backlog.next() != nil {
      taken += 1
      #expect(!backlog.needsScout())
    }
    #expect(taken == count)
    #expect(began.duration(to: .now) < .seconds(20))
  }

  @Test("a scout is needed for as long as a source that may be live waits, and only once")
  func scoutNeeded() {
    let backlog = LaneBacklog(entries("a", "http://cam", "b"))
    #expect(backlog.next()?.source.name == "a" && backlog.next()?.source.name == "http://cam")
    #expect(!backlog.needsScout())
    #expect(backlog.next()?.source.name == "b" && backlog.next() == nil)
    backlog.scout { _ in true }
    #expect(backlog.next() == nil)
  }

  @Test("each source that may be live has a lane in reserve")
  func plan() {
    let sources = ["a.mp4", "http://x/1", "rtsp://cam", "https://x/2"].map { MediaSource($0) }
    let plan = LanePlan.lanes(for: sources)
    #expect(plan.map(\.isLive) == [false, true, true, true])
    #expect(plan.map(\.isReserve) == [false, false, true, true])
    #expect(plan[0].sources.map(\.name) == ["a.mp4", "http://x/1", "https://x/2"])
    let backlog = plan[0].backlog(in: plan)
    #expect((0..<3).map { _ in backlog.next()?.liveLane } == [nil, 2, 3])
  }

  @Test("one list says what is live: devices, schemes, and what only the source knows")
  func kinds() {
    let live = ["/dev/video0", "avfoundation:0", "RTSP://cam", "udp://:1", "mmsh://x"]
    #expect(live.allSatisfy { MediaSource($0).kind == .live && !MediaSource($0).isKindOpen })
    let open = ["http://cam/mjpeg", "HTTPS://x"].map { MediaSource($0) }
    #expect(open.allSatisfy { $0.kind == .file && $0.isKindOpen })
    let files = ["a.mp4", "-", "ftp://x/a.mp4", "file:///a.mp4", "odd:name.mp4"]
    #expect(files.allSatisfy { MediaSource($0).kind == .file && !MediaSource($0).isKindOpen })
    for name in live + files {
      guard let location = try? Location(name) else { continue }
      #expect(location.isLive == (MediaSource(name).kind == .live), "\(name)")
    }
  }

  @Test("a frame that is too old when its turn comes is not analysed, and counts as dropped")
  func outdated() throws {
    func work(age: Double, longest: Double?) -> FrameWork {
      var frame = Frame(index: 0, pts: 0, t: 0, width: 640, height: 480)
      frame.capture = CaptureTime(age: age)
      let layout = TileLayout(width: 640, height: 480, sides: [])
      let views = FrameView.views(of: layout, levels: [0])
      return FrameWork(frame, views: views, keepsPicture: false, longestAge: longest)
    }
    let old = work(age: 2, longest: 1.5)
    #expect(old.claim(isCancelled: false) == nil)
    #expect(try #require(old.leave()).isOutdated)
    #expect(work(age: 2, longest: nil).claim(isCancelled: false) != nil)
    #expect(work(age: 0.5, longest: 30).claim(isCancelled: false) != nil)
    var account = SourceAccount()
    account.skip(audio: [])
    var end = LaneEnd(source: "a", status: .complete, opened: .now)
    end.counts.decoded = 1
    let total = account.end(end)
    #expect(total.counts.dropped == 1 && total.status == .complete)
  }
}
