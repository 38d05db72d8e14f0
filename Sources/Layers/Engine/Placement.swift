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
/// - Complexity: O(n²) in the number of storages, with a small factor; runs once, at load.
func planMemory(_ storages: [Storage]) -> (offsets: [Int], arenaCount: Int) {
  var offsets = [Int](repeating: 0, count: storages.count)
  // In the order of their offsets.
  var placed: [(storage: Storage, offset: Int)] = []
  var arenaCount = 0
  let inOrder = storages.indices.sorted {
    (storages[$1].count, $0) < (storages[$0].count, $1)
  }
  for index in inOrder {
    let storage = storages[index]
    var start = 0
    for neighbour in placed {
      guard neighbour.storage.firstStep <= storage.lastStep,
        storage.firstStep <= neighbour.storage.lastStep
      else { continue }
      if start + storage.count <= neighbour.offset { break }
      let end = neighbour.offset + neighbour.storage.count
      // Each block starts at a cache line.
      start = max(start, (end + 15) / 16 * 16)
    }
    offsets[index] = start
    var (low, high) = (0, placed.count)
    while low < high {
      let middle = (low + high) / 2
      if placed[middle].offset <= start { low = middle + 1 } else { high = middle }
    }
    placed.insert((storage, start), at: low)
    arenaCount = max(arenaCount, start + storage.count)
  }
  return (offsets, arenaCount)
}
