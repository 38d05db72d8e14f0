/// Builds a graph operator by operator; shapes follow from the input.
///
/// Impossible shapes (a window larger than its input, adding unequal maps) are programming errors
/// and trap; callers have to check sizes that come from outside.
public struct GraphBuilder {
  private var graph: Graph
  private var valueCount = 1
  private var names: Set<String> = []

  /// Starts a graph that reads an image of `input`'s size.
  public init(input: Shape) {
    let value = Value(index: 0, shape: input)
    graph = Graph(input: value, nodes: [], outputs: [], taps: [:])
  }

  /// The image.
  public var input: Value { graph.input }

  /// Appends a full convolution.
  public mutating func convolution(
    _ x: Value, _ name: String, outputChannels: Int, window: Window = Window(kernel: 1),
    activation: Activation = .none
  ) -> Value {
    append(
      name, .convolution(window, activation), [x],
      windowed(x, window, channels: outputChannels, name))
  }

  /// Appends a convolution of each channel with its own filter.
  public mutating func depthwise(
    _ x: Value, _ name: String, window: Window, activation: Activation = .none
  ) -> Value {
    append(
      name, .depthwise(window, activation), [x],
      windowed(x, window, channels: x.shape.channels, name))
  }

  /// Appends the sum of two maps of the same shape.
  public mutating func add(_ a: Value, _ b: Value, _ name: String) -> Value {
    precondition(a.shape == b.shape, "\(name): \(a.shape) plus \(b.shape)")
    return append(name, .add, [a, b], a.shape)
  }

  /// Appends the mean of every channel.
  public mutating func globalAveragePool(_ x: Value, _ name: String) -> Value {
    append(name, .globalAveragePool, [x], Shape(height: 1, width: 1, channels: x.shape.channels))
  }

  /// Appends the maximum of each window.
  public mutating func maxPool(_ x: Value, _ name: String, window: Window) -> Value {
    append(name, .maxPool(window), [x], windowed(x, window, channels: x.shape.channels, name))
  }

  /// Appends the mean of each window.
  public mutating func averagePool(_ x: Value, _ name: String, window: Window) -> Value {
    append(name, .averagePool(window), [x], windowed(x, window, channels: x.shape.channels, name))
  }

  /// Appends `x` times one factor per channel.
  public mutating func scale(_ x: Value, by factors: Value, _ name: String) -> Value {
    precondition(
      factors.shape == Shape(height: 1, width: 1, channels: x.shape.channels),
      "\(name): \(x.shape) scaled by \(factors.shape)")
    return append(name, .scale, [x, factors], x.shape)
  }

  /// Appends the channels of several maps, one after the other.
  public mutating func concatenate(_ parts: [Value], _ name: String) -> Value {
    var shape = parts[0].shape
    for part in parts.dropFirst() {
      precondition(
        part.shape.height == shape.height && part.shape.width == shape.width,
        "\(name): \(shape) beside \(part.shape)")
      shape.channels += part.shape.channels
    }
    return append(name, .concatenate, parts, shape)
  }

  /// Appends channels of several maps, numbered one after the other, in another order.
  public mutating func gather(_ parts: [Value], _ name: String, order: [Int]) -> Value {
    var shape = parts[0].shape
    let channels = parts.reduce(0) { $0 + $1.shape.channels }
    precondition(
      parts.allSatisfy { $0.shape.height == shape.height && $0.shape.width == shape.width }
        && !order.isEmpty && order.allSatisfy { (0..<channels).contains($0) },
      "\(name): channels that are not there")
    shape.channels = order.count
    return append(name, .gather(order), parts, shape)
  }

  /// Appends an activation by itself.
  public mutating func activation(_ x: Value, _ name: String, _ activation: Activation) -> Value {
    append(name, .activation(activation), [x], x.shape)
  }

  /// Appends a convolution of `groups` independent blocks of channels.
  public mutating func grouped(
    _ x: Value, _ name: String, outputChannels: Int, groups: Int, window: Window,
    activation: Activation = .none
  ) -> Value {
    precondition(
      groups > 0 && x.shape.channels % groups == 0 && outputChannels % groups == 0,
      "\(name): \(groups) groups of \(x.shape.channels) channels and \(outputChannels)")
    return append(
      name, .grouped(window, groups: groups, activation), [x],
      windowed(x, window, channels: outputChannels, name))
  }

  /// Appends the elementwise product of two maps of the same shape.
  public mutating func multiply(_ a: Value, _ b: Value, _ name: String) -> Value {
    precondition(a.shape == b.shape, "\(name): \(a.shape) times \(b.shape)")
    return append(name, .multiply, [a, b], a.shape)
  }

  /// Appends an elementwise function.
  public mutating func function(
    _ x: Value, _ name: String, _ function: ElementFunction
  ) -> Value {
    append(name, .function(function), [x], x.shape)
  }

  /// Appends the map at another size.
  public mutating func resize(_ x: Value, _ name: String, _ resampling: Resampling) -> Value {
    precondition(resampling.height > 0 && resampling.width > 0, "\(name): an empty map")
    return append(
      name, .resize(resampling), [x],
      Shape(height: resampling.height, width: resampling.width, channels: x.shape.channels))
  }

  /// Appends zeros around the map.
  public mutating func pad(_ x: Value, _ name: String, _ border: Border) -> Value {
    append(
      name, .pad(border), [x],
      Shape(
        height: x.shape.height + border.top + border.bottom,
        width: x.shape.width + border.left + border.right, channels: x.shape.channels))
  }

  /// Appends the map with each pixel's channels divided by their Euclidean length.
  public mutating func normalize(_ x: Value, _ name: String) -> Value {
    append(name, .normalize, [x], x.shape)
  }

  /// Names a feature map after the reference implementation's module that computes it.
  public mutating func tap(_ value: Value, _ name: String) {
    graph.taps[name] = value
  }

  /// Names a result whose rows of `columns` elements come from `values`, one map after the other.
  public mutating func output(_ values: [Value], _ name: String, columns: Int) {
    precondition(
      values.allSatisfy { $0.shape.channels % columns == 0 },
      "\(name): channels are not a multiple of \(columns)")
    graph.outputs.append(GraphOutput(name: name, values: values, columns: columns))
  }

  /// The finished graph.
  public func finish() -> Graph { graph }

  private func windowed(_ x: Value, _ window: Window, channels: Int, _ name: String) -> Shape {
    let height = window.extent(over: x.shape.height).outputs
    let width = window.extent(over: x.shape.width).outputs
    precondition(
      height > 0 && width > 0, "\(name): a window of \(window.reach) on a map of \(x.shape)")
    return Shape(height: height, width: width, channels: channels)
  }

  private mutating func append(
    _ name: String, _ operation: Operation, _ inputs: [Value], _ shape: Shape
  ) -> Value {
    precondition(names.insert(name).inserted, "two nodes are called \(name)")
    let value = Value(index: valueCount, shape: shape)
    valueCount += 1
    graph.nodes.append(Node(name: name, operation: operation, inputs: inputs, output: value))
    return value
  }
}
