import CKernels
import TestSupport
import Testing

@Suite("Kernels")
struct KernelTests {
  @Test("every entry of the table has a check")
  func tableIsListed() {
    let entries = Mirror(reflecting: kernels(SD_ISA_SCALAR)).children.compactMap(\.label)
    #expect(
      Set(entries)
        == Set(Kernel.allCases.map(\.rawValue)).union(["isa", "u8_is_fast", "bf16_is_fast"]))
  }

  @Test("the scalar reference computes what the contract says", arguments: Kernel.allCases)
  func followsContract(kernel: Kernel) {
    let failures = kernel.check.contractFailures(kernels(SD_ISA_SCALAR))
    #expect(failures.isEmpty)
  }

  @Test(
    "a vector kernel agrees with the scalar one and stays inside its output",
    .requires(
      Requirement("vector-kernels", absence: "this processor has none of our instruction sets") {
        !vectorISAs.isEmpty
      }), arguments: Kernel.allCases, vectorISAs)
  func agreesWithScalar(kernel: Kernel, isa: sd_isa) {
    let failures = kernel.check.differences(kernels(isa), kernels(SD_ISA_SCALAR))
    let name = unsafe String(cString: sd_isa_name(isa))
    #expect(failures.isEmpty, "\(name)")
    guard kernel.rawValue.hasPrefix("u8_") else { return }
    // The kernels of a processor without VNNI or dot products.
    let others = kernel.check.differences(basicKernels(isa), kernels(SD_ISA_SCALAR))
    #expect(others.isEmpty, "\(name), basic")
  }

  @Test("numbers that no byte holds end at the bounds", arguments: [SD_ISA_SCALAR] + vectorISAs)
  func extremesAreClamped(isa: sd_isa) {
    let failures = U8ExtremesCheck.failures(kernels(isa))
    #expect(failures.isEmpty)
  }
}
