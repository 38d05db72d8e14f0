/// Finds the range of each feature map whose bytes have the smallest mean squared error on
/// calibration images: outliers are clipped so that the many small values get finer steps.
///
/// Runs the network in FP32. Use it from one thread at a time.
public struct HistogramObserver {
  /// The session whose input is to be written before each run.
  public let session: Session
  private var histograms: [String: Histogram]

  /// Prepares a network in FP32, whose maps are within the ranges of `quantization`.
  ///
  /// - Throws: Whatever `weights` throws.
  public init(
    graph: Graph, within quantization: Quantization, isa: InstructionSet = .best,
    weights: (String, [Int]) throws -> [Float]
  ) throws {
    session = try Network(
      graph: graph.tappingQuantizedNodes(), isa: isa, keepsTaps: true, weights: weights
    ).makeSession()
    histograms = quantization.activations.mapValues(Histogram.init)
  }

  /// Runs the network on the session's input, and counts the values of its maps.
  public mutating func run() {
    session.run()
    for name in histograms.keys {
      if let map = session.tap(name) { histograms[name]?.add(map) }
    }
  }

  /// The best ranges for all runs so far.
  public var quantization: Quantization {
    Quantization(activations: histograms.mapValues { $0.bestRange() })
  }
}

/// How often the values of each bin were seen.
private struct Histogram {
  private static let bins = 2048
  private let low, width: Float
  private let whole: ActivationRange
  private var counts = [Float](repeating: 0, count: bins)

  init(_ range: ActivationRange) {
    low = min(range.minimum, 0)
    let high = max(range.maximum, 0)
    whole = ActivationRange(minimum: low, maximum: high)
    width = max((high - low) / Float(Self.bins), .leastNormalMagnitude)
  }

  /// Zeros don't count: every range has an exact byte for them.
  mutating func add(_ values: [Float]) {
    for value in values where value != 0 {
      let place = ((value - low) / width).rounded(.down)
      counts[Int(min(max(place, 0), Float(Self.bins - 1)))] += 1
    }
  }

  /// Searches for the best position of each end; twice, since the two depend on each other.
  func bestRange() -> ActivationRange {
    var best = whole
    var least = error(best)
    for _ in 0..<2 {
      for end in [\ActivationRange.maximum, \ActivationRange.minimum] {
        for share in Swift.stride(from: Float(0.98), to: 0.2, by: -0.02) {
          var range = best
          range[keyPath: end] = whole[keyPath: end] * share
          let error = error(range)
          if error < least { (best, least) = (range, error) }
        }
      }
    }
    return best
  }

  /// Sum of the squared rounding errors of all values with `range`.
  private func error(_ range: ActivationRange) -> Double {
    let quantizer = range.quantizer
    var sum = 0.0
    for (bin, count) in counts.enumerated() where count > 0 {
      let value = low + (Float(bin) + 0.5) * width
      let difference = value - quantizer(value)
      sum += Double(count * difference * difference)
    }
    return sum
  }
}
