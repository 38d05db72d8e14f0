import Foundation
import Layers

/// The simplest implementation of a graph, with every value dense and every sum in a loop.
///
/// The reference for the engine.
struct NaiveExecutor {
  let graph: Graph
  let weights: [String: [Float]]

  /// Every value of the graph, dense `[height][width][channels]`.
  func run(_ image: [Float]) -> [Int: [Float]] {
    var values = [graph.input.index: image]
    for node in graph.nodes {
      let inputs = node.inputs.map { values[$0.index] ?? [] }
      values[node.output.index] = evaluate(node, inputs)
    }
    return values
  }

  private func evaluate(_ node: Node, _ inputs: [[Float]]) -> [Float] {
    let shape = node.inputs[0].shape
    let output = node.output.shape
    let weight = weights["\(node.name).weight"] ?? []
    let bias = weights["\(node.name).bias"] ?? []
    switch node.operation {
    case .convolution(let window, let activation):
      return windows(node, window) { row, column, channel, taps in
        var sum = Double(bias[channel])
        for (y, x, tap) in taps {
          for input in 0..<shape.channels {
            sum +=
              Double(inputs[0][(y * shape.width + x) * shape.channels + input])
              * Double(
                weight[(channel * shape.channels + input) * window.kernel * window.kernel + tap])
          }
        }
        return apply(activation, Float(sum))
      }
    case .depthwise(let window, let activation):
      return windows(node, window) { row, column, channel, taps in
        var sum = Double(bias[channel])
        for (y, x, tap) in taps {
          sum +=
            Double(inputs[0][(y * shape.width + x) * shape.channels + channel])
            * Double(weight[channel * window.kernel * window.kernel + tap])
        }
        return apply(activation, Float(sum))
      }
    case .maxPool(let window):
      return windows(node, window) { _, _, channel, taps in
        taps.map { inputs[0][($0.y * shape.width + $0.x) * shape.channels + channel] }.max() ?? 0
      }
    case .averagePool(let window):
      return windows(node, window) { _, _, channel, taps in
        taps.reduce(0) { $0 + inputs[0][($1.y * shape.width + $1.x) * shape.channels + channel] }
          / Float(taps.count)
      }
    case .globalAveragePool:
      return (0..<shape.channels).map { channel in
        let sum = (0..<shape.pixels).reduce(0.0) {
          $0 + Double(inputs[0][$1 * shape.channels + channel])
        }
        return Float(sum / Double(shape.pixels))
      }
    case .grouped(let window, let groups, let activation):
      let (inside, outside) = (shape.channels / groups, output.channels / groups)
      return windows(node, window) { row, column, channel, taps in
        var sum = Double(bias[channel])
        for (y, x, tap) in taps {
          for input in 0..<inside {
            let source = channel / outside * inside + input
            sum +=
              Double(inputs[0][(y * shape.width + x) * shape.channels + source])
              * Double(weight[(channel * inside + input) * window.kernel * window.kernel + tap])
          }
        }
        return apply(activation, Float(sum))
      }
    case .multiply: return zip(inputs[0], inputs[1]).map(*)
    case .function(let function): return inputs[0].map { apply(function, $0) }
    case .pad(let border):
      return (0..<output.height).flatMap { row in
        (0..<output.width).flatMap { column -> [Float] in
          let (y, x) = (row - border.top, column - border.left)
          guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else {
            return [Float](repeating: 0, count: shape.channels)
          }
          let first = (y * shape.width + x) * shape.channels
          return Array(inputs[0][first..<first + shape.channels])
        }
      }
    case .resize(let resampling): return resize(inputs[0], shape, resampling)
    case .add: return zip(inputs[0], inputs[1]).map(+)
    case .normalize:
      return (0..<output.pixels).flatMap { pixel in
        let channels = inputs[0][pixel * shape.channels..<(pixel + 1) * shape.channels]
        let length = channels.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return channels.map { Float(Double($0) / max(length, 1e-12)) }
      }
    case .scale: return inputs[0].enumerated().map { $1 * inputs[1][$0 % output.channels] }
    case .activation(let activation): return inputs[0].map { apply(activation, $0) }
    case .fakeQuantize(let quantizer): return inputs[0].map { quantizer($0) }
    case .gather(let order):
      return (0..<output.pixels).flatMap { pixel in
        let channels = zip(node.inputs, inputs).flatMap { value, map in
          map[(pixel * value.shape.channels)..<((pixel + 1) * value.shape.channels)]
        }
        return order.map { channels[$0] }
      }
    case .concatenate:
      return (0..<output.pixels).flatMap { pixel in
        zip(node.inputs, inputs).flatMap { value, map in
          map[(pixel * value.shape.channels)..<((pixel + 1) * value.shape.channels)]
        }
      }
    }
  }

  private func windows(
    _ node: Node, _ window: Window,
    _ body: (Int, Int, Int, [(y: Int, x: Int, tap: Int)]) -> Float
  ) -> [Float] {
    let shape = node.inputs[0].shape
    let output = node.output.shape
    let top = window.extent(over: shape.height).padBefore
    let left = window.extent(over: shape.width).padBefore
    var result: [Float] = []
    for row in 0..<output.height {
      for column in 0..<output.width {
        var taps: [(y: Int, x: Int, tap: Int)] = []
        for i in 0..<window.kernel {
          for j in 0..<window.kernel {
            let y = row * window.stride - top + i * window.dilation
            let x = column * window.stride - left + j * window.dilation
            guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { continue }
            taps.append((y, x, i * window.kernel + j))
          }
        }
        for channel in 0..<output.channels { result.append(body(row, column, channel, taps)) }
      }
    }
    return result
  }

  private func resize(_ map: [Float], _ shape: Shape, _ resampling: Resampling) -> [Float] {
    func position(_ i: Int, _ outputs: Int, _ size: Int) -> Double {
      let scale = Double(outputs) / Double(size)
      return switch resampling.coordinates {
      case .asymmetric: Double(i) / scale
      case .alignCorners: outputs == 1 ? 0 : Double(i * (size - 1)) / Double(outputs - 1)
      case .pytorchHalfPixel where outputs == 1: 0
      case .halfPixel, .pytorchHalfPixel: (Double(i) + 0.5) / scale - 0.5
      }
    }
    func at(_ y: Double, _ x: Double, _ channel: Int) -> Double {
      let row = Int(min(max(y, 0), Double(shape.height - 1)))
      let column = Int(min(max(x, 0), Double(shape.width - 1)))
      return Double(map[(row * shape.width + column) * shape.channels + channel])
    }
    var result: [Float] = []
    for row in 0..<resampling.height {
      for column in 0..<resampling.width {
        let y = position(row, resampling.height, shape.height)
        let x = position(column, resampling.width, shape.width)
        for channel in 0..<shape.channels {
          if resampling.mode == .nearest {
            result.append(Float(at((y - 0.5).rounded(.up), (x - 0.5).rounded(.up), channel)))
            continue
          }
          var sum = 0.0
          for (dy, wy) in [(0.0, 1 - (y - y.rounded(.down))), (1, y - y.rounded(.down))] {
            for (dx, wx) in [(0.0, 1 - (x - x.rounded(.down))), (1, x - x.rounded(.down))] {
              sum += wy * wx * at(y.rounded(.down) + dy, x.rounded(.down) + dx, channel)
            }
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }

  private func apply(_ function: ElementFunction, _ x: Float) -> Float {
    switch function {
    case .activation(let activation): apply(activation, x)
    case .sigmoid: Float(1 / (1 + exp(-Double(x))))
    case .exponential: Float(exp(Double(x)))
    case .clamp(let lower, let upper): min(max(x, lower), upper)
    }
  }

  private func apply(_ activation: Activation, _ x: Float) -> Float {
    switch activation {
    case .none: x
    case .relu: max(x, 0)
    case .relu6: min(max(x, 0), 6)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .hardSigmoid: min(max(x + 3, 0), 6) / 6
    }
  }
}
