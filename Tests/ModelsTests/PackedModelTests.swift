import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@testable import Models

@Suite("models with packed weights")
struct PackedModelTests {
  /// The tiny detector with integer ranges.
  private static func model(_ folder: String) throws -> ModelFile {
    var description = ModelFileTests.description()
    let graph = try ModelFileTests.detector.graph()
    description.quantization = Quantization(
      activations: Dictionary(
        uniqueKeysWithValues: graph.quantizedNodes.map {
          (graph.nodes[$0].name, ActivationRange(minimum: -2, maximum: 4))
        }))
    return try ModelFile.write(
      to: folder + "/plain.safetensors", description, tensors: ModelFileTests.tensors())
  }

  private static func boxes(_ detector: Detector) -> [Detection] {
    var random = SplitMix64(seed: 5)
    let pixels = (0..<64 * 96 * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    return detector.makeWorker(options: DetectionOptions(scoreThreshold: 0, iouThreshold: 0.6))
      .detect(rgb: pixels.span)
  }

  /// Rewrites a file with the changes that `text` and `bytes` make to its metadata and tensors.
  private static func rewrite(
    _ path: String, to target: String, text: (String) -> String = { $0 },
    bytes: (String, inout [UInt8]) -> Void = { _, _ in }
  ) throws {
    let file = try SafetensorsFile(path: path)
    let tensors = file.names.compactMap { file.tensor($0) }.map { tensor in
      var content = tensor.withBytes { span in
        unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
      }
      bytes(tensor.name, &content)
      return tensor.type == .uint8
        ? WritableTensor(name: tensor.name, cacheLines: content)
        : WritableTensor(
          name: tensor.name, type: tensor.type, shape: tensor.shape, bytes: content)
    }
    try SafetensorsFile.write(
      to: target, tensors: tensors, metadata: file.metadata.mapValues(text))
  }

  @Test(
    "packed weights are used as they are, and other processors pack their own",
    arguments: InstructionSet.allCases.filter(\.isAvailable))
  func areUsed(isa: InstructionSet) throws {
    try inTemporaryFolder { folder in
      let plain = try Self.model(folder)
      let packed = try plain.write(
        to: folder + "/packed.safetensors", packedFor: [.int8, .fp32, .bf16], isa: isa)
      #expect(packed.packedSections.map(\.precision) == [.int8, .fp32, .bf16])
      #expect(packed.packedSections.allSatisfy { $0.instructionSet == isa.rawValue })
      #expect(try packed.checkPackedWeights(isa: isa).map(\.value) == [true, true, true])
      for precision in Precision.allCases {
        for threads in 1...2 {
          let detector = try packed.makeDetector(
            isa: isa, precision: precision, frameThreads: threads)
          #expect(detector.network.isPrepacked)
          let expected = Self.boxes(try plain.makeDetector(isa: isa, precision: precision))
          #expect(!expected.isEmpty && Self.boxes(detector) == expected)
        }
        // Memory that was released is read again.
        packed.releasePages()
      }
      for other in InstructionSet.allCases where other != isa && other.isAvailable {
        let detector = try packed.makeDetector(isa: other)
        #expect(!detector.network.isPrepacked)
        #expect(Self.boxes(detector) == Self.boxes(try plain.makeDetector(isa: other)))
      }
    }
  }

  @Test("packed weights are not copied to other models, and packing again replaces them all")
  func replaced() throws {
    try inTemporaryFolder { folder in
      let packed = try Self.model(folder).write(
        to: folder + "/packed.safetensors", packedFor: [.fp32])
      let again = try packed.write(to: folder + "/again.safetensors", packedFor: [.int8])
      #expect(again.packedSections.map(\.precision) == [.int8])
      let quantization = try #require(packed.description.quantization)
      let other = try packed.write(to: folder + "/other.safetensors", with: quantization)
      #expect(other.packedSections.isEmpty)
      #expect(other.tensors().count == (try Self.model(folder)).tensors().count)
    }
  }

  @Test(
    "packed weights that are not finite are refused, even if the checksum fits",
    arguments: [Precision.fp32, .bf16], InstructionSet.allCases.filter(\.isAvailable))
  func notFinite(precision: Precision, isa: InstructionSet) throws {
    try inTemporaryFolder { folder in
      let path = folder + "/packed.safetensors"
      let packed = try Self.model(folder).write(to: path, packedFor: [precision], isa: isa)
      let section = try #require(packed.packedSections.first)
      let target = folder + "/changed.safetensors"
      for word in [0, 40, 1000] {
        try Self.rewrite(
          path, to: folder + "/step.safetensors",
          bytes: { name, bytes in
            guard name == section.tensor else { return }
            // Infinity as a float, and as a bfloat16 in its upper half.
            bytes.replaceSubrange(4 * word..<4 * word + 4, with: [0, 0, 0x80, 0x7F])
          })
        let checksum = try #require(
          SafetensorsFile(path: folder + "/step.safetensors").tensor(section.tensor)?.checksum)
        try Self.rewrite(
          folder + "/step.safetensors", to: target,
          text: { $0.replacing(section.checksum, with: checksum) })
        let model = try ModelFile(path: target)
        #expect(throws: NetworkError.notFinite) {
          try model.makeDetector(isa: isa, precision: precision)
        }
      }
    }
  }

  @Test("changes of weights, ranges or packed bytes after packing are detected")
  func changed() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/packed.safetensors"
      let packed = try Self.model(folder).write(to: path, packedFor: [.fp32])
      let target = folder + "/changed.safetensors"
      // Rewritten without a change, the file is still valid.
      try Self.rewrite(path, to: target)
      #expect(try ModelFile(path: target).makeDetector().network.isPrepacked)

      try Self.rewrite(
        path, to: target,
        bytes: { name, bytes in
          if name.hasSuffix(".bias") { bytes[0] ^= 1 }
        })
      #expect(code { _ = try ModelFile(path: target) } == .damaged)
      try Self.rewrite(path, to: target, text: { $0.replacing("-2,4]", with: "-2,5]") })
      #expect(code { _ = try ModelFile(path: target) } == .damaged)

      // Checks that apply to every model do not rely on a checksum.
      try Self.rewrite(
        path, to: target,
        bytes: { name, bytes in
          if name.hasSuffix(".bias") { bytes.replaceSubrange(0..<4, with: [0, 0, 0xC0, 0x7F]) }
        })
      #expect(code { _ = try ModelFile(path: target) } == .notFinite)

      let section = try #require(packed.packedSections.first)
      for position in [0, packed.byteCount(of: section) / 2, packed.byteCount(of: section) - 1] {
        try Self.rewrite(
          path, to: target,
          bytes: { name, bytes in
            if name == section.tensor { bytes[position] ^= 0x10 }
          })
        let model = try ModelFile(path: target)
        #expect(code { _ = try model.makeDetector() } == .damaged)
        #expect(try model.checkPackedWeights().map(\.value) == [false])
        #expect(try !model.makeDetector(precision: .int8).network.isPrepacked)
      }
    }
  }

  @Test(
    "an invalid record of packed weights is rejected",
    arguments: ["{", "[]", "\"sections\":7", "packed.none", "features.0.0.weight"])
  func hostile(_ text: String) throws {
    try inTemporaryFolder { folder in
      let path = folder + "/packed.safetensors"
      let packed = try Self.model(folder).write(to: path, packedFor: [.fp32])
      let name = try #require(packed.packedSections.first).tensor
      let target = folder + "/hostile.safetensors"
      try Self.rewrite(
        path, to: target,
        text: { old in
          guard old.contains(name) else { return old }
          return text.contains(".") ? old.replacing(name, with: text) : text
        })
      #expect(code { _ = try ModelFile(path: target) } == .damaged)
    }
  }

  @Test("packed weights of another layout are ignored, and truncated ones rejected")
  func otherLayout() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/packed.safetensors"
      let packed = try Self.model(folder).write(to: path, packedFor: [.fp32])
      let section = try #require(packed.packedSections.first)
      let target = folder + "/other.safetensors"
      try Self.rewrite(
        path, to: target,
        text: { $0.replacing(section.layout, with: "\(section.instructionSet)-0123456789abcdef") })
      let model = try ModelFile(path: target)
      #expect(try !model.makeDetector().network.isPrepacked)
      #expect(try model.checkPackedWeights().isEmpty)
      // The right layout with too few bytes.
      try Self.rewrite(
        path, to: target,
        bytes: { name, bytes in
          if name == section.tensor { bytes.removeLast(64) }
        })
      #expect(code { _ = try ModelFile(path: target).makeDetector() } == .damaged)
    }
  }

  @Test("a layout depends on the instruction set, precision and network, and on nothing else")
  func layouts() throws {
    try inTemporaryFolder { folder in
      let model = try Self.model(folder)
      var seen: Set<String> = []
      for isa in InstructionSet.allCases where isa.isAvailable {
        for precision in [Precision.fp32, .int8, .bf16] {
          let layout = try model.makeDetector(isa: isa, precision: precision).network.packedLayout
          #expect(seen.insert(layout.text).inserted, "\(isa) \(precision) \(layout.text)")
          let shared = try model.makeDetector(isa: isa, precision: precision, frameThreads: 2)
          #expect(shared.network.packedLayout == layout)
        }
      }
      var wider = ModelFileTests.detector
      wider.extraChannels = [40, 8]
      let network = try Network(graph: wider.graph(), pixels: model.description.normalization) {
        _, shape in [Float](repeating: 1, count: shape.reduce(1, *))
      }
      #expect(!seen.contains(network.packedLayout.text))
    }
  }
}
