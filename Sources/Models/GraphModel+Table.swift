internal import Backbone
internal import Layers

extension GraphModel {
  /// The operators on feature maps, with their shapes and costs.
  func table() throws(SpecificationError) -> NetworkTable {
    let checked = try check()
    let operators = Dictionary(graph.nodes.map { ($0.name, $0) }) { first, _ in first }
    let rows = checked.graph.nodes.map { node in
      NetworkTable.Row(
        cells: [node.name, operators[node.name]?.summary ?? ""], input: node.inputs[0].shape,
        output: node.output.shape, parameters: node.parameters, batchNormChannels: 0,
        multiplyAdds: node.multiplyAdds)
    }
    let rest = graph.nodes.count - rows.count
    return NetworkTable(
      title: "Imported graph; \(rest) more operators follow the last feature maps",
      columns: ["node", "operator"], rows: rows)
  }
}
