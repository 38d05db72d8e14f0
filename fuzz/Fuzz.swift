import Foundation

/// What libFuzzer calls, with a parser chosen by `FUZZ_PARSER`; `make fuzz` runs all of them.
///
/// A parser may refuse its input with an error of its own. A trap, a report of AddressSanitizer, an
/// input that takes more than ten seconds or two gigabytes is a finding.
private let parser: Parser = {
  let name = ProcessInfo.processInfo.environment["FUZZ_PARSER"] ?? ""
  guard let parser = Parser.all.first(where: { $0.name == name }) else {
    // One name a line, for scripts/fuzz.sh.
    print(Parser.all.map(\.name).joined(separator: "\n"))
    exit(name == "list" ? 0 : 2)
  }
  return parser
}()

/// Checks the parser's name before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeRawPointer?, _: UnsafeRawPointer?) -> CInt {
  _ = parser
  return 0
}

/// Feeds one input; an error that the parser throws is an answer like any other.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  try? parser.parse(input)
  return 0
}
