import TestSupport
import Testing

@testable import Layers

@Suite struct MemoryPlanTests {
  @Test("blocks in use at the same time never overlap", arguments: 0..<50)
  func noOverlap(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let storages = (0..<40).map { _ in
      let first = Int.random(in: 0..<30, using: &random)
      return Storage(
        count: Int.random(in: 1...5000, using: &random), firstStep: first,
        lastStep: first + Int.random(in: 0...10, using: &random))
    }
    let plan = planMemory(storages)
    for (i, a) in storages.enumerated() {
      #expect(plan.offsets[i] % 16 == 0)
      #expect(plan.offsets[i] + a.count <= plan.arenaCount)
      for (j, b) in storages.enumerated() where j > i {
        guard a.firstStep <= b.lastStep && b.firstStep <= a.lastStep else { continue }
        let apart =
          plan.offsets[i] + a.count <= plan.offsets[j]
          || plan.offsets[j] + b.count <= plan.offsets[i]
        #expect(apart, "seed \(seed): storages \(i) and \(j)")
      }
    }
  }

  @Test("a chain of blocks takes the memory of its two largest neighbours")
  func chain() {
    let storages = (0..<10).map { Storage(count: 1600, firstStep: $0, lastStep: $0 + 1) }
    #expect(planMemory(storages).arenaCount == 3200)
  }
}
