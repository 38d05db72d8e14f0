/// Puts numbered elements that arrive in any order back into their order.
///
/// It holds only what has overtaken a missing element, so whoever bounds the distance between the
/// oldest and the newest number in flight bounds its size too.
package struct ReorderBuffer<Element> {
  private var waiting: [Int: Element] = [:]
  /// The number that is handed out next.
  package private(set) var next = 0

  package init() {}

  /// How many elements wait for an earlier one.
  package var count: Int { waiting.count }

  /// Adds the element with a number and gives, in order, all that nothing earlier holds back.
  ///
  /// - Precondition: Each number arrives once.
  package mutating func insert(_ element: Element, number: Int) -> [Element] {
    precondition(number >= next && waiting[number] == nil, "number \(number) came twice")
    waiting[number] = element
    var ready: [Element] = []
    while let element = waiting.removeValue(forKey: next) {
      ready.append(element)
      next += 1
    }
    return ready
  }
}
