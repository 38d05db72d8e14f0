/// Records each feature map that an integer engine would store in bytes: the smallest and the
/// largest value over all runs and, for each channel, these and the mean.
///
/// Runs the network in FP32. Use it from one thread at a time.
public struct RangeObserver {
  /// The session whose input is to be written before each run.
  public let session: Session
  /// Statistics of each map's channels so far, by the name of the node that writes it.
  public private(set) var channels: [String: [ChannelStatistics]] = [:]
  /// Statistics of the input's channels so far.
  public private(set) var inputChannels: [ChannelStatistics]
  private let names: [String]

  /// Prepares a network in FP32.
  ///
  /// - Throws: Whatever `weights` throws.
  public init(
    graph: Graph, isa: InstructionSet = .best, weights: (String, [Int]) throws -> [Float]
  ) throws {
    let tapped = graph.tappingQuantizedNodes()
    session = try Network(graph: tapped, isa: isa, keepsTaps: true, weights: weights)
      .makeSession()
    names = tapped.taps.keys.sorted()
    inputChannels = [ChannelStatistics](
      repeating: ChannelStatistics(), count: graph.input.shape.channels)
  }

  /// Runs the network on the session's input, and adds the values of its maps.
  public mutating func run() {
    session.run()
    let input = session.withInput { span in span.indices.map { span[$0] } }
    let width = inputChannels.count
    for channel in inputChannels.indices {
      inputChannels[channel].add(
        stride(from: channel, to: input.count, by: width).lazy.map { input[$0] })
    }
    for name in names {
      guard let map = session.tap(name), let shape = session.network.graph.taps[name]?.shape
      else { continue }
      var statistics =
        channels[name]
        ?? [ChannelStatistics](repeating: ChannelStatistics(), count: shape.channels)
      for channel in statistics.indices {
        statistics[channel].add(map[channel * shape.pixels..<(channel + 1) * shape.pixels])
      }
      channels[name] = statistics
    }
  }

  /// The ranges over all runs so far.
  public var quantization: Quantization {
    Quantization(
      activations: channels.compactMapValues { channels in
        guard let minimum = channels.map(\.minimum).min(),
          let maximum = channels.map(\.maximum).max(), minimum <= maximum
        else { return nil }
        return ActivationRange(minimum: minimum, maximum: maximum)
      })
  }
}
