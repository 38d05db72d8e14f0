import CKernels
import Foundation
import Testing

@Suite("Instruction sets")
struct InstructionSetTests {
  @Test("scalar is always there, and the best is available")
  func bestIsAvailable() {
    #expect(sd_isa_available(SD_ISA_SCALAR))
    #expect(sd_isa_available(sd_isa_best()))
    #expect(!sd_isa_available(sd_isa(rawValue: 99)))
  }

  @Test("each instruction set has a name")
  func names() {
    let all = [SD_ISA_SCALAR, SD_ISA_AVX2, SD_ISA_AVX512, SD_ISA_NEON, sd_isa(rawValue: 99)]
    let names = all.map { unsafe String(cString: sd_isa_name($0)) }
    #expect(names == ["scalar", "avx2", "avx512", "neon", "unknown"])
  }

  @Test("a table for what the machine lacks is the scalar one")
  func unavailableIsScalar() {
    #expect(kernels(sd_isa(rawValue: 99)).isa == SD_ISA_SCALAR)
    for isa in vectorISAs { #expect(kernels(isa).isa == isa) }
  }

  // In processes of their own, because the environment is shared by all tests.
  @Test("STREAM_DETECT_ISA lowers the best")
  func environmentLowers() async {
    await #expect(processExitsWith: .success) {
      for isa in [SD_ISA_SCALAR] + vectorISAs {
        unsafe setenv("STREAM_DETECT_ISA", sd_isa_name(isa), 1)
        precondition(sd_isa_best() == isa)
      }
    }
  }

  @Test("an unknown STREAM_DETECT_ISA is ignored")
  func environmentIgnored() async {
    await #expect(processExitsWith: .success) {
      unsafe unsetenv("STREAM_DETECT_ISA")
      let best = sd_isa_best()
      for value in ["", "sse9", "AVX2 ", unsafe String(cString: sd_isa_name(SD_ISA_NEON)) + "9"] {
        unsafe setenv("STREAM_DETECT_ISA", value, 1)
        precondition(sd_isa_best() == best)
      }
    }
  }
}
