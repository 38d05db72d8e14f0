internal import ArgumentParser
internal import Output

/// `stream-detect schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of the JSON lines.")

  func run() throws {
    try printText(jsonLinesSchema)
  }
}
