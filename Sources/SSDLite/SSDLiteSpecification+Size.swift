internal import Backbone
internal import Geometry
internal import Layers

extension SSDLiteSpecification {
  /// The size of the input.
  public var inputSize: InputSize { InputSize(width: inputWidth, height: inputHeight) }

  /// The same network on an input of another size.
  ///
  /// Its priors are those of the size that it was trained at, see `priors(trainedAs:_:maps:)`.
  func resized(to size: InputSize) -> SSDLiteSpecification {
    var resized = self
    (resized.inputWidth, resized.inputHeight) = (size.width, size.height)
    return resized
  }

  /// The priors on the maps of this network, whose weights were trained as `trained` says.
  ///
  /// What the network has learned are distances in pixels between the centre of a cell's receptive
  /// field and the edges of a box. So priors keep their sizes in pixels, and their centres keep
  /// their mean distance from those of the receptive fields.
  ///
  /// - Throws: ``SpecificationError`` if the specifications are invalid.
  func priors(
    trainedAs trained: SSDLiteSpecification, _ graph: Graph, maps: [Value]
  ) throws(SpecificationError) -> [CenterBox] {
    let original = try trained.build()
    let (before, after) = (original.graph.receptiveGrids(), graph.receptiveGrids())
    let grids = trained.priors.grids(
      maps: original.maps.map { ($0.shape.height, $0.shape.width) },
      inputHeight: trained.inputHeight, inputWidth: trained.inputWidth)
    var moved: [PriorGrid] = []
    for (index, grid) in grids.enumerated() {
      guard let old = before[original.maps[index].index], let new = after[maps[index].index] else {
        preconditionFailure("a feature map that doesn't depend on the input")
      }
      moved.append(
        PriorGrid(
          rows: grid.rows.moved(
            from: old.vertical, to: new.vertical, count: maps[index].shape.height,
            length: trained.inputHeight, newLength: inputHeight),
          columns: grid.columns.moved(
            from: old.horizontal, to: new.horizontal, count: maps[index].shape.width,
            length: trained.inputWidth, newLength: inputWidth),
          sizes: grid.sizes.map {
            (
              width: $0.width * Double(trained.inputWidth) / Double(inputWidth),
              height: $0.height * Double(trained.inputHeight) / Double(inputHeight)
            )
          }))
    }
    return priors.boxes(of: moved)
  }
}

extension PriorGrid.Centres {
  /// The centres on a map of `count` cells whose receptive fields are `new`, in fractions of
  /// `newLength`; these are in fractions of `length` pixels, and their receptive fields are `old`.
  fileprivate func moved(
    from old: ReceptiveGrid, to new: ReceptiveGrid, count: Int, length: Int, newLength: Int
  ) -> PriorGrid.Centres {
    let middle = Double(self.count - 1) / 2
    let mean = (middle + offset) * step * Double(length)
    let distance = mean - (old.start + middle * old.jump)
    return PriorGrid.Centres(
      count: count, offset: (new.start + distance) / new.jump,
      step: new.jump / Double(newLength))
  }
}
