/// Runs steps on one thread, with the maps that all threads of a session share and scratch memory
/// for its rolling maps.
///
/// Not `Sendable`: an executor belongs to one thread at a time.
@safe
final class Executor {
  let network: Network
  let arena: FloatBuffer
  let scratch: FloatBuffer
  /// Whether the input was last written as pixels and has not been converted to floats.
  var holdsPixels = false
  /// The first row that each rolling map holds now.
  var firstRows: [Int]
  /// For each step of a chain, the output rows that the current band needs, and the first of them
  /// that is not computed yet.
  var bands: [Range<Int>]
  var finished: [Int]
  /// The time spent on each node of the graph, or `nil` when not profiling.
  var profile: [Duration]?

  init(_ network: Network, arena: FloatBuffer, scratch: FloatBuffer) {
    self.network = network
    self.arena = arena
    self.scratch = scratch
    firstRows = [Int](repeating: 0, count: network.program.rollingCount)
    bands = [Range<Int>](repeating: 0..<0, count: network.program.steps.count)
    finished = [Int](repeating: 0, count: network.program.steps.count)
  }

  /// The first float of row `row` of a map.
  ///
  /// A rolling map may be asked for rows that it does not hold, as long as they are not read.
  func floats(_ view: MapView, row: Int = 0) -> UnsafeMutablePointer<Float> {
    unsafe memory(view, row: row).assumingMemoryBound(to: Float.self)
  }

  /// The first byte of row `row` of a map of bytes.
  func bytes(_ view: MapView, row: Int = 0) -> UnsafeMutablePointer<UInt8> {
    unsafe memory(view, row: row).assumingMemoryBound(to: UInt8.self)
  }

  /// The start of row `row` of a map.
  func memory(_ view: MapView, row: Int) -> UnsafeMutableRawPointer {
    let offset = view.placement.offset * view.element.size
    guard let rolling = view.rolling else {
      return unsafe UnsafeMutableRawPointer(arena.start) + offset + row * view.rowBytes
    }
    return unsafe UnsafeMutableRawPointer(scratch.start)
      + offset + (row - firstRows[rolling.index]) * view.rowBytes
  }
}
