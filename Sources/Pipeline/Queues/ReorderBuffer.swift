/// Puts numbered elements that arrive in any order back into their order.
///
/// It holds only elements that have overtaken a missing one, so its size is bounded as long as the
/// number of elements on their way is. Numbers that will never arrive are skipped; runs of them
/// take no more room than a single one.
package struct ReorderBuffer<Element> {
  private var waiting: [Int: Element] = [:]
  /// Numbers from `next` on that will never arrive, in order.
  private var skipped: [Range<Int>] = []
  /// The number that is handed out next.
  package private(set) var next = 0

  package init() {}

  /// How many elements and runs of skipped numbers wait for an earlier element.
  package var count: Int { waiting.count + skipped.count }

  /// Adds the element with a number and returns, in order, the elements that are next.
  ///
  /// - Precondition: Each number is inserted or skipped once.
  package mutating func insert(_ element: Element, number: Int) -> [Element] {
    precondition(number >= next && waiting[number] == nil, "number \(number) came twice")
    waiting[number] = element
    return takeReady()
  }

  /// Notes that a number will never arrive, and returns, in order, the elements that are next.
  package mutating func skip(number: Int) -> [Element] {
    precondition(number >= next && waiting[number] == nil, "number \(number) came twice")
    var place = skipped.endIndex
    while place > 0, skipped[place - 1].lowerBound > number { place -= 1 }
    skipped.insert(number..<(number + 1), at: place)
    for first in [place, place - 1] where first >= 0 && first + 1 < skipped.count {
      guard skipped[first].upperBound == skipped[first + 1].lowerBound else { continue }
      skipped[first] = skipped[first].lowerBound..<skipped[first + 1].upperBound
      skipped.remove(at: first + 1)
    }
    return takeReady()
  }

  private mutating func takeReady() -> [Element] {
    var ready: [Element] = []
    while true {
      if let element = waiting.removeValue(forKey: next) {
        ready.append(element)
        next += 1
      } else if let run = skipped.first, run.lowerBound == next {
        next = run.upperBound
        skipped.removeFirst()
      } else {
        return ready
      }
    }
  }
}
