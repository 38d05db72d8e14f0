internal import Annotations
internal import ArgumentParser

/// `stream-detect schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of the JSON lines.")

  func run() throws {
    try printText(Record.jsonSchema)
  }
}
