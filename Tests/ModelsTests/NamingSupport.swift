import Layers

@testable import ModelImport
@testable import Models

/// A file with tensors of these shapes, without their elements.
func importSource(_ shapes: [String: [Int]]) -> ImportSource {
  ImportSource(
    path: "weights", kind: "test",
    tensors: shapes.mapValues { shape in
      SourceTensor(shape: shape, type: .float32) { () throws(ModelFileError) in [] }
    })
}

/// Every layer of the network with weights, under torchvision's names.
func weightedLayers(_ graph: Graph) -> Set<String> {
  Set(graph.nodes.filter { $0.weightShape != nil }.map(\.name))
}
