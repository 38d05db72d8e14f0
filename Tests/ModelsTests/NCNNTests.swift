import Backbone
import Layers
import TestSupport
import Testing

@testable import Models
@testable import ModelImport

@Suite("ncnn")
struct NCNNTests {
  /// Three layers with weights: FP32, FP16 and 8 bits.
  static let parameters = """
    7767517
    6 6
    Input            data   0 1 data 0=32 1=16 2=3
    Convolution      a      1 1 data a 0=2 1=1 5=1 6=6 9=3 -23310=2,0.0,6.0
    ConvolutionDepthWise b  1 1 a b 0=2 1=3 3=2 4=1 5=1 6=18 7=2
    Convolution      c      1 1 b c 0=2 1=1 5=0 6=4 8=2
    InnerProduct     d      1 1 c d 0=1 1=1 2=2
    Softmax          prob   1 1 d prob

    """

  static let weights: [UInt8] = {
    func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }
    let half = (0..<18).flatMap { little(Float($0).halfBits) }
    return little(UInt32(0)) + floats([1, 2, 3, 4, 5, 6]) + floats([0.5, -0.5])
      + little(UInt32(0x0130_6B47)) + half + floats([7, 8])
      + little(UInt32(0x000D_4B38)) + [0, 127, 0x81, 64] + floats([127, .infinity, 9])
      + little(UInt32(0)) + floats([1, -1]) + floats([3])
  }()

  static func source(
    _ folder: String, parameters: String = parameters, weights: [UInt8] = weights
  ) throws -> ImportSource {
    try write([UInt8](parameters.utf8), to: folder + "/m.param")
    try write(weights, to: folder + "/m.bin")
    return try Importer.read(folder + "/m.param")
  }

  @Test("weights of every format are read, and 8-bit weights are divided by their scales")
  func storages() throws {
    try inTemporaryFolder { folder in
      let source = try Self.source(folder)
      #expect(try source.tensors["a.weight"]?.read() == [1, 2, 3, 4, 5, 6])
      #expect(source.tensors["a.weight"]?.shape == [2, 3, 1, 1])
      #expect(try source.tensors["a.bias"]?.read() == [0.5, -0.5])
      #expect(try source.tensors["b.weight"]?.read() == (0..<18).map { Float($0) })
      #expect(source.tensors["b.weight"]?.shape == [2, 1, 3, 3])
      #expect(try source.tensors["c.weight"]?.read() == [0, 1, 0, 0])
      #expect(try source.tensors["c.bias"]?.read() == [0, 0])
      #expect(source.tensors["d.weight"]?.shape == [1, 2, 1, 1])
      #expect(try source.tensors["d.bias"]?.read() == [3])
      #expect(source.facts.inputSize?.height == 16 && source.facts.inputSize?.width == 32)
      #expect(source.facts.padding == .even)
      #expect(source.facts.windows["b"] == LayerWindow(kernel: 3, stride: 2, pad: 1))
    }
  }

  /// For each convolution all layers were looked through for the one that reads it.
  @Test("many padded layers take time in proportion to their number")
  func manyLayers() throws {
    let count = 20_000
    var lines = ["Input data 0 1 b 0=8 1=8 2=3"]
    for layer in 0..<count {
      lines.append("Convolution c\(layer) 1 1 b x\(layer) 0=1 1=3 3=2 4=2 5=0 6=9")
    }
    for layer in 0..<count { lines.append("Slice s\(layer) 1 1 x\(layer) y\(layer)") }
    let text = "7767517\n\(lines.count) 1\n\(lines.joined(separator: "\n"))\n"
    let weights = little(UInt32(0)) + [UInt8](repeating: 0, count: 36)
    try inTemporaryFolder { folder in
      let source = try Self.source(
        folder, parameters: text, weights: (0..<count).flatMap { _ in weights })
      #expect(source.facts.padding == .same && source.tensors.count == 2 * count)
    }
  }

  @Test("invalid lines, unknown layers and impossible connections give their error codes")
  func invalidParameters() throws {
    let changes: [(String, String, ModelFileError.Code)] = [
      ("6 6", "7 6", .damaged), ("6 6", "six", .damaged), ("0 1 data", "0 9 data", .damaged),
      ("0 1 data", "0 -1 data", .damaged), ("0 1 data", "0 9223372036854775807 data", .damaged),
      ("1 1 data a", "1 1 nothing a", .damaged), ("1 1 a b", "1 1 a a", .damaged),
      ("Softmax  ", "Attention", .unknownLayer), ("InnerProduct", "BatchNorm   ", .unknownLayer),
      ("6=6", "6=7", .damaged), ("6=6", "6=x", .damaged), ("6=6", "6=1e300", .damaged),
      ("6=6", "6=600000000", .damaged), ("0=2 1=1 5=1", "0=0 1=1 5=1", .damaged),
      ("0=2 1=1 5=1", "0=-2 1=1 5=1", .damaged), ("1=3 3=2", "1=3 2=2 3=2", .unknownLayer),
      ("7=2", "7=3", .unknownLayer), ("6=18 7=2", "6=36 7=2", .unknownLayer),
      ("-23310=2,0.0,6.0", "-23310=3,0.0,6.0", .damaged), ("5=0 6=4 8=2", "5=0 6=4", .damaged),
      ("2=3", "2=4", .damaged), ("0=32", "0=nan", .damaged),
      ("9=3", "99999999999999999999=3", .damaged),
    ]
    try inTemporaryFolder { folder in
      for (old, new, expected) in changes {
        let changed = Self.parameters.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != Self.parameters, "\(old)")
        #expect(
          code { _ = try Self.source(folder, parameters: changed) } == expected, "\(old) -> \(new)")
      }
    }
  }

  @Test("a .bin file that is truncated, too long, missing or of an unknown format is rejected")
  func invalidWeights() throws {
    try inTemporaryFolder { folder in
      func fault(_ weights: [UInt8]) -> ModelFileError.Code? {
        code { _ = try Self.source(folder, weights: weights) }
      }
      #expect(fault(Array(Self.weights.dropLast())) == .damaged)
      #expect(fault(Self.weights + [0, 0, 0, 0]) == .damaged)
      #expect(fault([1, 2, 3, 4] + Self.weights.dropFirst(4)) == .unsupportedFormat)
      try write([UInt8](Self.parameters.utf8), to: folder + "/alone.param")
      #expect(code { _ = try Importer.read(folder + "/alone.param") } == .notFound)
    }
  }

  @Test(
    "a damaged model is rejected or read, and never traps", arguments: 0..<4)
  func mutations(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    try inTemporaryFolder { folder in
      var rejected = 0
      for round in 0..<400 {
        let text = [UInt8](Self.parameters.utf8)
        try write(round % 2 == 0 ? mutated(text, using: &random) : text, to: folder + "/m.param")
        try write(
          round % 2 == 1 ? mutated(Self.weights, using: &random) : Self.weights,
          to: folder + "/m.bin")
        do {
          var source = try Importer.read(folder + "/m.param")
          for tensor in source.tensors.values {
            #expect(try tensor.read().count == checkedElementCount(tensor.shape))
          }
          try source.canonicalize()
        } catch let error as ModelFileError {
          rejected += 1
          #expect(!error.message.isEmpty && !error.remedy.isEmpty)
        }
      }
      #expect(rejected > 100, "seed \(seed): only \(rejected) of 400 were rejected")
    }
  }
}
