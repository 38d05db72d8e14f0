import Layers
import TestSupport
import Testing

/// First 8-bit layers that read the image's pixels directly.
@Suite struct PixelInputTests {
  /// A padded first layer, and a layer that reads its bytes.
  private func graph(_ window: Window, height: Int, width: Int) -> Graph {
    var builder = GraphBuilder(input: Shape(height: height, width: width, channels: 3))
    let first = builder.convolution(
      builder.input, "first", outputChannels: 20, window: window, activation: .relu6)
    let second = builder.convolution(first, "second", outputChannels: 7)
    builder.output([second], "output", columns: 7)
    return builder.finish()
  }

  private func output(_ session: Session) -> [Float] {
    session.run()
    return session.output("output")
  }

  @Test(
    "pixels and the corresponding floats give the same result, at the borders too",
    arguments: [
      (Window(kernel: 3, stride: 2, padding: .same), Normalization.signedUnit),
      (Window(kernel: 3, stride: 2, padding: .even), .imageNet),
      (Window(kernel: 5, stride: 1, padding: .same), .imageNet),
      (
        Window(kernel: 3, stride: 2, padding: .even),
        Normalization(order: .bgr, mean: [104, 117.25, -3], scale: [0.02, 0.01, 0.015])
      ),
    ])
  func agreesWithFloats(window: Window, normalization: Normalization) throws {
    var random = SplitMix64(seed: 31)
    let graph = graph(window, height: 13, width: 12)
    let weights = makeRandomWeights(graph, &random)
    let image = (0..<graph.input.shape.count).map { _ in
      UInt8.random(in: .min ... .max, using: &random)
    }
    var observer = try RangeObserver(graph: graph) { name, _ in weights[name] ?? [] }
    observer.session.setInput(rgb: image.span, normalization)
    observer.run()
    let exact = observer.session.output("output")
    let network = try Network(
      graph: graph, numerics: .integer(observer.quantization), pixels: normalization
    ) { name, _ in weights[name] ?? [] }
    let session = network.makeSession()
    session.setInput(rgb: image.span, normalization)
    let fromPixels = output(session)
    // Lending the floats computes them from the pixels.
    let floats = session.withInput { span in (0..<span.count).map { span[$0] } }
    let order = normalization.order == .rgb ? [0, 1, 2] : [2, 1, 0]
    for index in image.indices {
      let channel = index % 3
      let pixel = Float(image[index - channel + order[channel]])
      let expected = (pixel - normalization.mean[channel]) * normalization.scale[channel]
      #expect(abs(floats[index] - expected) < 1e-5)
    }
    let fromFloats = output(session)
    let size = (exact.max() ?? 0) - (exact.min() ?? 0)
    #expect(size > 0)
    for index in exact.indices {
      #expect(abs(fromPixels[index] - exact[index]) < 0.03 * size, "\(index)")
      #expect(abs(fromPixels[index] - fromFloats[index]) < 0.02 * size, "\(index)")
    }
  }

  @Test("pixels may have another normalisation than the network was built for")
  func otherNormalization() throws {
    var random = SplitMix64(seed: 32)
    let graph = graph(Window(kernel: 3, stride: 2, padding: .same), height: 9, width: 9)
    let weights = makeRandomWeights(graph, &random)
    let image = (0..<graph.input.shape.count).map { _ in
      UInt8.random(in: .min ... .max, using: &random)
    }
    var observer = try RangeObserver(graph: graph) { name, _ in weights[name] ?? [] }
    observer.session.setInput(rgb: image.span, .imageNet)
    observer.run()
    func run(_ announced: Normalization?) throws -> [Float] {
      let network = try Network(
        graph: graph, numerics: .integer(observer.quantization), pixels: announced
      ) { name, _ in weights[name] ?? [] }
      let session = network.makeSession()
      session.setInput(rgb: image.span, .imageNet)
      return output(session)
    }
    #expect(try run(.signedUnit) == run(nil))
  }
}
