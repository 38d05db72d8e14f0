import Layers
import Testing

@Suite("The choice of an instruction set")
struct InstructionSetChoiceTests {
  @Test("a mistyped or missing set is a fault that lists those of the machine")
  func faults() throws {
    #expect(InstructionSet.fault(in: nil) == nil && InstructionSet.fault(in: "") == nil)
    for isa in InstructionSet.allCases {
      let fault = InstructionSet.fault(in: isa.rawValue)
      #expect((fault == nil) == isa.isAvailable, "\(isa)")
    }
    for value in ["avx", "AVX2", "avx2 ", "sse9"] {
      let fault = try #require(InstructionSet.fault(in: value))
      #expect(fault.description.contains("'\(value)'"), "\(fault)")
      #expect(fault.description.contains(InstructionSet.best.rawValue), "\(fault)")
    }
  }

  @Test("AVX-512 includes AVX2, and every set the scalar kernels")
  func inclusion() {
    for (set, others) in [
      (InstructionSet.avx512, [InstructionSet.avx512, .avx2, .scalar]), (.avx2, [.avx2, .scalar]),
      (.neon, [.neon, .scalar]), (.scalar, [.scalar]),
    ] {
      #expect(InstructionSet.allCases.filter { set.includes($0) }.count == others.count)
      #expect(others.allSatisfy { set.includes($0) }, "\(set)")
    }
  }
}
