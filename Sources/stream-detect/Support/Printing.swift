internal import Output

/// Writes an error as one line to standard error.
func complain(_ text: String) {
  Console.standardError.writeLine("stream-detect: error: \(printable(text))")
}

/// Writes text and a line end to standard output.
///
/// - Throws: `SinkError`.
func printText(_ text: String) throws {
  let output = try OutputFile("-")
  try output.write(Array(text.utf8))
  if !text.hasSuffix("\n") { try output.write([0x0A]) }
  try output.finish()
}
