import Layers
import TestSupport
import Testing

/// Runs `graph` with seeded weights on the seeded input of the golden file `name`, with every
/// instruction set of the machine, and compares everything that the file contains.
///
/// Each set runs twice: with every feature map kept, and as in production, where layers are fused
/// and only the outputs can be compared.
func checkNetwork(_ graph: Graph, against name: String) throws {
  let golden = try GoldenFile(name)
  let image = SeededNumbers.uniform("\(name)/input", count: graph.input.shape.count)
  var weights: [String: [Float]] = [:]
  for isa in InstructionSet.allCases where isa.isAvailable {
    for keepsTaps in [true, false] {
      let network = try Network(graph: graph, isa: isa, keepsTaps: keepsTaps) { tensor, shape in
        if weights[tensor] == nil { weights[tensor] = SeededNumbers.tensor(tensor, shape) }
        return weights[tensor] ?? []
      }
      let session = network.makeSession()
      write(image, into: session)
      session.run()
      var compared = 0
      for tensor in golden.names {
        let isOutput = graph.outputs.contains { $0.name == tensor }
        guard isOutput || keepsTaps else { continue }
        let found =
          isOutput
          ? session.output(tensor)
          : try #require(session.tap(tensor), "\(name): the network has no map \(tensor)")
        let expected = try golden.floats(tensor)
        expectClose(
          found, expected, Tolerance.network.scaled(to: expected),
          "\(name) \(isa.rawValue) \(keepsTaps ? "unfused" : "fused") \(tensor)")
        compared += 1
      }
      #expect(compared > 0, "\(name) holds nothing of this network")
    }
  }
}

/// Fills the input, channels last, from values in the order channel, row, column.
func write(_ image: [Float], into session: Session) {
  let shape = session.network.graph.input.shape
  session.withInput { input in
    for channel in 0..<shape.channels {
      for pixel in 0..<shape.pixels {
        input[pixel * shape.channels + channel] = image[channel * shape.pixels + pixel]
      }
    }
  }
}
