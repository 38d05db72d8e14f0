import Foundation
import TestSupport
import Testing

@Suite("Lists on standard input", .requires(.media))
struct ListInputTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func run(_ arguments: String..., input: String) throws -> Program.Outcome {
    try Program.run(
      arguments + ["--model", TinyModel.detector, "--progress", "none"], in: place.path,
      input: Data(input.utf8))
  }

  private func sources(_ outcome: Program.Outcome) throws -> [String?] {
    try outcome.lines("end").map { $0["source"]?.string }
  }

  @Test(
    "a list on standard input is read by all its names",
    arguments: ["@-", "@/dev/stdin", "@/dev/fd/0", "@/proc/self/fd/0"])
  func list(argument: String) throws {
    let text = "# pictures\n\(media("image.jpg"))\n\(media("image.png"))\n"
    let outcome = try run(argument, input: text)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sources(outcome) == [media("image.jpg"), media("image.png")])
  }

  @Test("a manifest on standard input is known by its first line")
  func manifest() throws {
    let outcome = try run("@-", input: "\n{\"id\": \"door\", \"uri\": \"\(media("image.jpg"))\"}\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sources(outcome) == ["door"])
  }

  @Test("a list can come from another program's output")
  func substitution() throws {
    let outcome = try Program.shell(
      "\"$PROGRAM\" @<(printf '%s\\n' '\(media("image.jpg"))') --model '\(TinyModel.detector)'",
      in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sources(outcome) == [media("image.jpg")])
  }

  @Test(
    "standard input is read once, as a list or as a source",
    arguments: [["@-", "@/dev/stdin"], ["@-", "-"]])
  func once(arguments: [String]) throws {
    let outcome = try run(arguments[0], arguments[1], input: "a.jpg\n")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("only once"), "\(outcome.errors)")
  }

  @Test("an empty list and one without end are exit 2", arguments: ["@-", "@/dev/zero"])
  func useless(argument: String) throws {
    let outcome = try run(argument, input: "")
    #expect(outcome.status == 2, "\(outcome.errors)")
  }
}
