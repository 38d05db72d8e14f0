import ModelImport
import TestSupport
import Testing

@Suite("Options of an architecture", .serialized)
struct ArchitectureTests {
  private func run(_ arguments: [String]) throws -> Program.Outcome {
    let place = try Workplace()
    return try withExtendedLifetime(place) { try Program.run(arguments, in: place.path) }
  }

  @Test("--width works for every architecture, or is an error with a remedy")
  func widths() throws {
    for architecture in ImportArchitecture.allCases.map(\.rawValue) {
      let narrow = try run(["models", "info", architecture, "--width", "0.5"])
      if architecture.hasPrefix("squeezenet") || architecture.hasSuffix("nasnet_mobile") {
        #expect(narrow.status == 2)
        #expect(narrow.errors.contains(" has none, so leave it out"))
      } else {
        #expect(narrow.status == 0, "\(narrow.errors)")
        #expect(try narrow.output != run(["models", "info", architecture]).output)
      }
    }
    let bench = try run([
      "bench", "--architecture", "ssdlite320_mobilenet_v3_large", "--width", "0.5", "--size", "64",
      "--frames", "1", "--threads", "1", "--brief", "--json",
    ])
    let network = try JSONValue(parsing: bench.output)["network"]?.string
    #expect(network?.hasPrefix("ssdlite_mobilenet_v3_large x0.5") == true)
  }

  @Test(
    "options of an architecture are errors for a model, which has its own",
    arguments: [["bench"], ["bench", "--model", TinyModel.detector], ["models", "info"]])
  func widthOfModel(command: [String]) throws {
    for option in [
      ["--width", "0.5"], ["--classes", "3"], ["--size", "64"], ["--padding", "same"],
    ] {
      let outcome = try run(command + option)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("\(option[0]) is "), "\(outcome.errors)")
    }
  }
}
