/// Where the pixels of a value are in a session's arena, in elements.
///
/// Rows follow each other without a gap: the row stride is `width * pixelStride`.
struct Placement: Hashable {
  /// The block of memory, an index into the plan's storages.
  var storage: Int
  /// First element inside the block.
  var offset: Int
  /// Elements from one pixel to the next.
  var pixelStride: Int
  /// Elements of each pixel that belong to the value: its channels and the padding after them.
  ///
  /// There is no padding if the value is dense, or one of several side by side.
  var lanes: Int
}

/// A block of memory, with the first and the last step that use it.
struct Storage: Hashable {
  var count: Int
  var firstStep: Int
  var lastStep: Int
}

/// Gives every storage its place in one arena so that storages in use at the same time never
/// overlap.
///
/// Greedy, largest first (Pisarchyk and Lee 2020, arXiv:2001.03288, section 5.2).
///
/// - Returns: The first float of each storage, a multiple of 16, and the size of the arena.
/// - Complexity: O(n²) in the number of storages; runs once, at load.
func planMemory(_ storages: [Storage]) -> (offsets: [Int], arenaCount: Int) {
  var offsets = [Int](repeating: 0, count: storages.count)
  var placed: [Int] = []
  var arenaCount = 0
  for index in storages.indices.sorted(by: { storages[$0].count > storages[$1].count }) {
    let storage = storages[index]
    let neighbours = placed.filter {
      storages[$0].firstStep <= storage.lastStep && storage.firstStep <= storages[$0].lastStep
    }
    var start = 0
    for neighbour in neighbours.sorted(by: { offsets[$0] < offsets[$1] }) {
      if start + storage.count <= offsets[neighbour] { break }
      let end = offsets[neighbour] + storages[neighbour].count
      // Each block starts at a cache line.
      start = max(start, (end + 15) / 16 * 16)
    }
    offsets[index] = start
    placed.append(index)
    arenaCount = max(arenaCount, start + storage.count)
  }
  return (offsets, arenaCount)
}
