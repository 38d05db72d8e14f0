import Foundation
import Layers
import Testing

/// One file of Tests/Golden.
struct GoldenFile {
  private let file: SafetensorsFile

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    file = try SafetensorsFile(path: folder.appending(path: "Golden/\(name).safetensors").path)
  }

  /// Names of its tensors in alphabetical order.
  var names: [String] { file.names }

  /// The elements of a tensor, in row-major order.
  func floats(_ name: String) throws -> [Float] {
    try #require(file.tensor(name), "no tensor \(name) in \(file.path)").floats()
  }

  /// The rows of a two-dimensional tensor.
  func rows(_ name: String) throws -> [[Float]] {
    let tensor = try #require(file.tensor(name), "no tensor \(name) in \(file.path)")
    let floats = tensor.floats()
    let columns = try #require(tensor.shape.last)
    return stride(from: 0, to: floats.count, by: columns).map { Array(floats[$0..<$0 + columns]) }
  }
}

/// How far a value may be from the reference: an absolute part and a relative one.
struct Tolerance {
  var absolute: Float
  var relative: Float

  /// For feature maps and outputs in single precision.
  static let network = Tolerance(absolute: 2e-4, relative: 1e-4)

  /// The same for a tensor whose typical value is larger than 1, as in deep sums of random layers:
  /// rounding errors of large values end up in small ones.
  func scaled(to values: [Float]) -> Tolerance {
    let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let size = (squares / Double(max(values.count, 1))).squareRoot()
    return Tolerance(absolute: absolute * Float(max(size, 1)), relative: relative)
  }

  func allows(_ found: Float, _ expected: Float) -> Bool {
    abs(found - expected) <= absolute + relative * abs(expected)
  }
}

/// Records an issue with the largest difference and its index if any value is out of tolerance.
func expectClose(
  _ found: [Float], _ expected: [Float], _ tolerance: Tolerance, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record(
      "\(what): \(found.count) values, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  let outside = found.indices.filter { !tolerance.allows(found[$0], expected[$0]) }
  guard
    let worst = outside.max(by: {
      abs(found[$0] - expected[$0]) < abs(found[$1] - expected[$1])
    })
  else { return }
  Issue.record(
    """
    \(what): \(outside.count) of \(found.count) values differ; the largest difference is at \
    \(worst): \(found[worst]), expected \(expected[worst])
    """, sourceLocation: sourceLocation)
}
