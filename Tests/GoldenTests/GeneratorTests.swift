import Testing

@Suite struct GeneratorTests {
  @Test("the hash is FNV-1a of the name's bytes")
  func hash() {
    // The test vectors of the algorithm's authors (Fowler, Noll, Vo).
    #expect(SeededNumbers.fnv1a("") == 0xCBF2_9CE4_8422_2325)
    #expect(SeededNumbers.fnv1a("a") == 0xAF63_DC4C_8601_EC8C)
    #expect(SeededNumbers.fnv1a("foobar") == 0x8594_4171_F739_67E8)
  }

  @Test("weights, biases and inputs equal the generator's bit for bit")
  func samples() throws {
    let golden = try GoldenFile("generator")
    let weight = SeededNumbers.tensor("features.0.0.weight", [8, 3, 3, 3])
    let bias = SeededNumbers.tensor("features.0.0.bias", [8])
    #expect(try weight == golden.floats("features.0.0.weight"))
    #expect(try bias == golden.floats("features.0.0.bias"))
    let image = SeededNumbers.uniform("mobilenet_v1/input", count: 3 * 64 * 64)
    let corner = (0..<3).flatMap { channel in
      (0..<2).flatMap { row in
        (0..<8).map { column in image[(channel * 64 + row) * 64 + column] }
      }
    }
    #expect(try corner == golden.floats("mobilenet_v1/input"))
  }
}
