import Layers
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// TensorFlow Lite files that are damaged, or ask for too much.
@Suite struct HostileTFLiteTests {
  @Test("a damaged file is an error, never a crash", arguments: TFLiteGolden.names)
  func mutations(name: String) throws {
    let bytes = try TFLiteGolden.model(name)
    try inTemporaryFolder { folder in
      for seed in 0..<60 as Range<UInt64> {
        var random = SplitMix64(seed: seed)
        let path = folder + "/graph.tflite"
        try write(mutated(bytes, using: &random), to: path)
        do {
          // Half of the damage lies in weights, whose values don't matter.
          _ = try Importer.run(ImportRequest(path: path, output: folder + "/a.safetensors"))
        } catch let error as ModelFileError {
          #expect(!error.message.isEmpty, "seed \(seed)")
        }
      }
    }
  }

  @Test("a truncated file is refused at every length")
  func truncations() throws {
    let bytes = try TFLiteGolden.model("detector_uint8")
    for count in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: WireFault.self, "\(count)") { try TFLiteModel(Array(bytes.prefix(count))) }
    }
  }

  @Test("tables that are referred to again and again use up the budget")
  func budget() throws {
    let buffer = FlatBuffer(Self.aliases(1000), WireBudget(1 << 20))
    #expect(throws: WireFault.self) {
      for table in try buffer.root().tables(0) { _ = try table.tables(0) }
    }
    let roomy = FlatBuffer(Self.aliases(10), WireBudget(1 << 20))
    #expect(try roomy.root().tables(0).count == 10)
    #expect(try roomy.root().tables(0)[9].tables(0).count == 10)
  }

  /// A table that refers `count` times to the same table, which does the same with a third.
  private static func aliases(_ count: Int) -> [UInt8] {
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var bytes = little(12, 4)
    for level in 0..<3 {
      // Where the fields are, how far back that is, and the offset of the list.
      bytes += little(6, 2) + little(8, 2) + little(4, 2) + little(0, 2)
      bytes += little(8, 4) + little(4, 4)
      let length = level == 2 ? 0 : count
      bytes += little(length, 4)
      let next = bytes.count + 4 * length + 8
      for _ in 0..<length { bytes += little(next - bytes.count, 4) }
    }
    return bytes
  }

  @Test("options of an operator that are no map of numbers are an error")
  func flexBuffers() throws {
    // {"a": 7, "b": true} as the reference implementation writes it.
    let map: [UInt8] = [
      0x61, 0, 0x62, 0, 2, 5, 4, 2, 1, 2, 7, 1, 4, 104, 4, 36, 1,
    ]
    #expect(try FlexBuffer(map[...]).numbers() == ["a": 7, "b": 1])
    for count in 0..<map.count {
      #expect(throws: WireFault.self) { try FlexBuffer(map.prefix(count)).numbers() }
    }
    for position in map.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var spoiled = map
        spoiled[position] = value
        _ = try? FlexBuffer(spoiled[...]).numbers()
      }
    }
  }
}
