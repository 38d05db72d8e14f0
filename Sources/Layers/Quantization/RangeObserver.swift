/// Finds the range of each feature map that an integer engine would store in bytes: its smallest and
/// its largest number over all runs.
///
/// Runs the network in FP32. For one thread at a time.
public struct RangeObserver {
  /// Where the input is written before each run.
  public let session: Session
  private let names: [String]
  private var ranges: [String: ActivationRange] = [:]

  /// Prepares a network in FP32.
  ///
  /// - Throws: What `weights` throws.
  public init(
    graph: Graph, isa: InstructionSet = .best, weights: (String, [Int]) throws -> [Float]
  ) throws {
    let tapped = graph.tappingQuantizedNodes()
    session = try Network(graph: tapped, isa: isa, keepsTaps: true, weights: weights)
      .makeSession()
    names = tapped.taps.keys.sorted()
  }

  /// Runs the network on what the session's input holds, and widens the ranges by what it finds.
  public mutating func run() {
    session.run()
    for name in names {
      guard let map = session.tap(name), let first = map.first else { continue }
      var range = ranges[name] ?? ActivationRange(minimum: first, maximum: first)
      for value in map {
        range.minimum = min(range.minimum, value)
        range.maximum = max(range.maximum, value)
      }
      ranges[name] = range
    }
  }

  /// The ranges over all runs so far.
  public var quantization: Quantization { Quantization(activations: ranges) }
}
