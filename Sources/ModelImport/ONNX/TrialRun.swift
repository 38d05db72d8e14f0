internal import Models
internal import Layers
internal import SSDLite

/// Runs an imported graph once to find out the form of its boxes.
struct TrialRun {
  private let imported: ImportedGraph

  init(_ imported: ImportedGraph) { self.imported = imported }

  /// Whether the boxes that the graph decodes are in fractions of the image or in pixels.
  ///
  /// - Throws: ``ModelFileError`` if they are not edges.
  func boxForm(
    of boxes: String, outputs: [String]
  ) throws(ModelFileError) -> DetectionHead.BoxForm {
    let rows = try run(boxes, outputs: outputs)
    let count = rows.count / 4
    var (ordered, large) = (0, 0)
    for row in 0..<count {
      let box = rows[row * 4..<row * 4 + 4].map { $0 }
      if box[2] >= box[0] && box[3] >= box[1] { ordered += 1 }
      if box.contains(where: { abs($0) > 4 }) { large += 1 }
    }
    guard ordered * 20 >= count * 19 else {
      throw ModelFileError(
        .invalidOption, path: imported.path,
        message:
          "The values of \(boxes) are not boxes with left, upper, right and lower edges.",
        remedy: "Export the network with such boxes, or without decoding them.")
    }
    return large * 2 > count ? .pixelCorners : .corners
  }

  private func run(_ output: String, outputs: [String]) throws(ModelFileError) -> [Float] {
    var kept = imported
    kept.keep(outputs)
    do {
      let (graph, tensors) = try kept.graph.compile()
      // Weights that are not finite are rejected here, before anything runs.
      _ = try kept.tensors()
      let network = try Network(graph: graph, tensors: tensors) { name, _ in kept.numbers(name) }
      let session = network.makeSession()
      session.withInput { input in
        for index in input.indices { input[index] = Float(index % 13) / 6 - 1 }
      }
      session.run()
      return session.withOutput(output) { span in span.indices.map { span[$0] } }
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw ModelFileError(
        .invalidDescription, path: imported.path, message: "\(error)",
        remedy: "Export the network again without this.")
    }
  }
}
