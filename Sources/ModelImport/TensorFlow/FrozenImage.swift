internal import Models
internal import Layers

/// Where the image enters a frozen graph, and what the graph does to it before the first layer.
///
/// The object detection API reads images of any size, resizes each in a loop, and scales the pixels
/// to -1 to 1. That becomes the size and the normalisation of the model.
struct FrozenImage {
  /// The results that are the image.
  ///
  /// That of the placeholder or of the loop, and those of the operators that normalise it. Only the
  /// last one's values are read.
  private(set) var keys: [String]
  let height: Int
  let width: Int
  /// Whether pixels are 0 to 255.
  let isBytes: Bool
  /// What the graph's own operators do to the pixels; `nil` if there are none.
  private(set) var normalization: Normalization?

  /// Finds the image that `results` depend on.
  init(
    _ graph: FrozenGraph, _ path: String, of results: [String], size: (height: Int, width: Int)?
  ) throws(ModelFileError) {
    let sources = Self.sources(graph, of: results)
    guard sources.count == 1, let source = sources.first else {
      let names = sources.prefix(10).map { "\($0.prefix(100))" }.joined(separator: ", ")
      throw FrozenImport.invalid(
        path, "The graph has \(sources.count) inputs (\(names)); there must be one, an image.",
        "Export the network with an image as its only input (input_type image_tensor).")
    }
    keys = [source]
    guard let node = graph.producer(of: source) else {
      throw FrozenImport.invalid(path, "The graph has no input.", "Export the network again.")
    }
    do {
      let found: (height: Int, width: Int)
      if node.operation == "Placeholder" {
        found = try Self.placeholder(node, path, size)
        isBytes = try node.type("dtype") == 4
      } else {
        found = try Self.resized(graph, node, path)
        isBytes = true
        if let size, size != found {
          throw FrozenImport.invalid(
            path, "The graph is for an input of \(found.width) x \(found.height) pixels.",
            "Leave out --size.")
        }
      }
      (height, width) = found
      guard (1...4096).contains(height), (1...4096).contains(width) else {
        throw FrozenImport.invalid(
          path, "The image has \(width) x \(height) pixels; a side must have 1 to 4096.",
          "Export the network for another size.")
      }
    } catch let error as WireFault {
      throw FrozenImport.fault(path, node, "cannot be read: \(error.message)", code: .damaged)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw FrozenImport.fault(path, node, "cannot be read: \(error)", code: .damaged)
    }
  }

  /// Placeholders, and what resizes images, before `results`.
  private static func sources(_ graph: FrozenGraph, of results: [String]) -> [String] {
    var found: [String] = []
    graph.visit(before: results) { key, node in
      switch node.operation {
      case "Placeholder", "TensorArrayGatherV3", "TensorListStack", "ResizeBilinear":
        found.append(key)
        return false
      default: return true
      }
    }
    return found
  }

  private static func placeholder(
    _ node: FrozenNode, _ path: String, _ size: (height: Int, width: Int)?
  ) throws -> (height: Int, width: Int) {
    let shape = try node.shape("shape") ?? []
    guard shape.count == 4, (shape[0] ?? 1) == 1, shape[3] == 3 else {
      throw FrozenImport.fault(
        path, node, "is not one image of three channels, the last dimension", code: .invalidOption)
    }
    if let height = shape[1], let width = shape[2] {
      guard (size ?? (height, width)) == (height, width) else {
        throw FrozenImport.invalid(
          path, "The graph is for an input of \(width) x \(height) pixels.", "Leave out --size.")
      }
      return (height, width)
    }
    guard let size else {
      throw FrozenImport.invalid(
        path, "The graph does not state the size of its input.", "Give it with --size.")
    }
    return size
  }

  /// The operators of loops that resize images, and do nothing else to their pixels.
  private static let resizing: Set = [
    "Assert", "Cast", "Const", "Enter", "Exit", "ExpandDims", "Identity", "Less", "LogicalAnd",
    "LoopCond", "Merge", "NextIteration", "Pack", "Placeholder", "Range", "ResizeBilinear",
    "Shape", "Squeeze", "StridedSlice", "Switch", "TensorArrayGatherV3", "TensorArrayReadV3",
    "TensorArrayScatterV3", "TensorArraySizeV3", "TensorArrayV3", "TensorArrayWriteV3",
  ]

  /// The size to which a loop, or a single operator, resizes the image.
  private static func resized(
    _ graph: FrozenGraph, _ end: FrozenNode, _ path: String
  ) throws -> (height: Int, width: Int) {
    var resizers: [FrozenNode] = []
    var placeholders = 0
    var other: FrozenNode?
    graph.visit(before: [end.name]) { _, node in
      if node.operation == "ResizeBilinear" { resizers.append(node) }
      if node.operation == "Placeholder" { placeholders += 1 }
      // The loop counts images in integers.
      let counts = ["Add", "AddV2"].contains(node.operation) && (try? node.type("T")) == 3
      if !counts, !resizing.contains(node.operation) { other = other ?? node }
      return true
    }
    if let other {
      throw FrozenImport.fault(
        path, other, "prepares the image, which is not supported", code: .unknownLayer)
    }
    guard resizers.count == 1, placeholders == 1, let resizer = resizers.first,
      resizer.inputs.count == 2,
      let size = graph.shortConstant(resizer.inputs[1]), size.count == 2
    else {
      throw FrozenImport.invalid(
        path, "The graph does not resize its image to a fixed size.",
        "Export the network with a fixed_shape_resizer.")
    }
    let sides = try size.numbers().integers
    return (sides[0], sides[1])
  }

  // MARK: Normalisation

  /// Takes over the operators that scale and shift the pixels, as long as nothing else reads their
  /// results; returns their names.
  mutating func absorb(_ graph: FrozenGraph, _ readers: [String: [Int]]) -> Set<String> {
    var absorbed: Set<String> = []
    var (scale, offset) = ([Double](repeating: 1, count: 3), [Double](repeating: 0, count: 3))
    while let key = keys.last, let places = readers[key], places.count == 1 {
      let node = graph.nodes[places[0]]
      guard let change = Self.change(node, of: key, graph) else { break }
      for index in 0..<3 {
        scale[index] *= change.factor[index]
        offset[index] = offset[index] * change.factor[index] + change.term[index]
      }
      keys.append(node.name)
      absorbed.insert(node.name)
    }
    guard !absorbed.isEmpty, scale.allSatisfy({ $0 != 0 && $0.isFinite }),
      offset.allSatisfy(\.isFinite)
    else {
      keys = [keys[0]]
      return []
    }
    normalization = Normalization(
      mean: zip(offset, scale).map { Float(-$0 / $1) }, scale: scale.map { Float($0) })
    return absorbed
  }

  /// What an operator multiplies the channels of `key` by, and adds to them; `nil` for an operator
  /// that does something else.
  private static func change(
    _ node: FrozenNode, of key: String, _ graph: FrozenGraph
  ) -> (factor: [Double], term: [Double])? {
    let (ones, zeros) = ([1.0, 1, 1], [0.0, 0, 0])
    if node.inputs == [key], ["Identity", "Cast"].contains(node.operation) {
      let type = try? node.type(node.operation == "Cast" ? "DstT" : "T")
      return type == 1 ? (ones, zeros) : nil
    }
    guard node.inputs.count == 2, let place = node.inputs.firstIndex(of: key),
      node.inputs[1 - place] != key,
      let numbers = numbers(graph, node.inputs[1 - place])
    else { return nil }
    switch (node.operation, place) {
    case ("Mul", _): return (numbers, zeros)
    case ("RealDiv", 0), ("Div", 0): return (numbers.map { 1 / $0 }, zeros)
    case ("Add", _), ("AddV2", _): return (ones, numbers)
    case ("Sub", 0): return (ones, numbers.map { -$0 })
    default: return nil
    }
  }

  /// A constant as one number for each channel.
  private static func numbers(_ graph: FrozenGraph, _ key: String) -> [Double]? {
    guard let tensor = graph.shortConstant(key), let count = tensor.count,
      count == 1 || (count == 3 && tensor.shape.last == 3),
      let values = try? tensor.numbers().values
    else { return nil }
    return count == 1 ? [values[0], values[0], values[0]] : values
  }
}

extension FrozenGraph {
  /// Calls `body` once for each node before `results`, and for their own; it returns whether to go
  /// on to what the node reads.
  func visit(before results: [String], _ body: (String, FrozenNode) -> Bool) {
    var seen = [Bool](repeating: false, count: nodes.count)
    var waiting = results
    while let key = waiting.popLast() {
      guard let place = places[FrozenNode.name(of: key)], !seen[place] else { continue }
      seen[place] = true
      if body(key, nodes[place]) { waiting += nodes[place].inputs }
    }
  }
}
