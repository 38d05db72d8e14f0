internal import Layers

/// The centres of the receptive fields of a feature map's cells, along one side of the input.
///
/// Cell `i` reads a part of the input around `start + i * jump` pixels. `jump` is the product of
/// the strides. `start` depends on the padding: with TensorFlow's SAME, a window of stride 2 begins
/// at the first pixel where its map has an even side, and one pixel before it where the side is
/// odd. So it is 11.5 pixels on the first map of a MobileNet SSD at 300 pixels, and 15.5 at 416
/// (arithmetic of Dumoulin and Visin 2016, arXiv:1603.07285).
struct ReceptiveGrid: Equatable {
  /// The centre of the first cell, in pixels from the border of the input.
  var start: Double
  /// The distance between two centres, in pixels.
  var jump: Double

  /// The grid of the input itself: the centres of its pixels.
  static let pixels = ReceptiveGrid(start: 0.5, jump: 1)

  /// The grid after a window has moved over a side of `size` cells.
  func after(_ window: Window, over size: Int) -> ReceptiveGrid {
    let padBefore = Double(window.extent(over: size).padBefore)
    return ReceptiveGrid(
      start: start + (Double(window.reach - 1) / 2 - padBefore) * jump,
      jump: jump * Double(window.stride))
  }

  /// The grid after so many cells were put before the first.
  func after(cells: Int) -> ReceptiveGrid {
    ReceptiveGrid(start: start - Double(cells) * jump, jump: jump)
  }
}

extension Graph {
  /// The grids of all values, by index; vertical and horizontal.
  ///
  /// Where a node joins several maps, they have the same grid; a map that every pixel of the input
  /// contributes to (a factor for each channel) has none of its own and doesn't count.
  func receptiveGrids() -> [Int: (vertical: ReceptiveGrid, horizontal: ReceptiveGrid)] {
    var grids = [input.index: (vertical: ReceptiveGrid.pixels, horizontal: ReceptiveGrid.pixels)]
    for node in nodes {
      guard let before = grids[node.inputs[0].index] else { continue }
      let shape = node.inputs[0].shape
      grids[node.output.index] =
        if let window = node.operation.window {
          (
            before.vertical.after(window, over: shape.height),
            before.horizontal.after(window, over: shape.width)
          )
        } else if case .pad(let border) = node.operation {
          (
            before.vertical.after(cells: border.top), before.horizontal.after(cells: border.left)
          )
        } else {
          before
        }
    }
    return grids
  }
}

extension Operation {
  /// What slides over the input, if something does.
  fileprivate var window: Window? {
    switch self {
    case .convolution(let window, _), .depthwise(let window, _), .maxPool(let window),
      .averagePool(let window), .grouped(let window, _, _):
      window
    case .add, .globalAveragePool, .scale, .concatenate, .gather, .activation, .fakeQuantize,
      .multiply, .function, .resize, .pad, .normalize:
      nil
    }
  }
}
