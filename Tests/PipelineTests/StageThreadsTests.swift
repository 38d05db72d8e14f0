import Support
import Testing

@testable import Pipeline

@Suite("Threads of stages")
struct StageThreadsTests {
  @Test("Nothing runs before the release, then all of them do, and the group's end comes last")
  func release() {
    let log = Locked<[String]>([])
    let group = StageGroup { log.withLock { $0.append("end") } }
    let threads = StageThreads()
    for name in ["a", "b", "c"] {
      threads.add(name, to: group) { log.withLock { $0.append(name) } }
    }
    group.seal()
    #expect(log.withLock { $0 }.isEmpty)
    #expect(threads.release())
    group.wait()
    #expect(log.withLock { $0.sorted() } == ["a", "b", "c", "end"])
  }

  @Test("If the system refuses one thread, none of them works, and all of them end")
  func shortage() {
    let worked = Locked(0)
    let group = StageGroup()
    // No address space has room for such a stack.
    let refused = StageGroup(stackSize: 1 << 60)
    let threads = StageThreads()
    threads.add("a", to: group) { worked.withLock { $0 += 1 } }
    threads.add("b", to: refused) { worked.withLock { $0 += 1 } }
    threads.add("c", to: group) { worked.withLock { $0 += 1 } }
    group.seal()
    refused.seal()
    #expect(!threads.release())
    group.wait()
    refused.wait()
    #expect(worked.withLock { $0 } == 0)
  }

  @Test("A thread that a member starts belongs to the group until its end")
  func laterThreads() {
    let log = Locked<[String]>([])
    let group = StageGroup { log.withLock { $0.append("end") } }
    let threads = StageThreads()
    threads.add("first", to: group) {
      let isStarted = group.start("second") { log.withLock { $0.append("second") } }
      #expect(isStarted)
    }
    group.seal()
    #expect(threads.release())
    group.wait()
    #expect(log.withLock { $0 } == ["second", "end"])
  }

  @Test("A group without threads ends when it is sealed")
  func emptyGroup() {
    let hasEnded = Locked(false)
    let group = StageGroup { hasEnded.withLock { $0 = true } }
    group.seal()
    group.wait()
    #expect(hasEnded.withLock { $0 })
  }
}
