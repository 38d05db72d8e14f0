internal import ArgumentParser

/// `stream-detect batch`.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Finds objects in thousands of files: one result each, resumable, shared by workers.",
    usage: """
      stream-detect batch SOURCE… -o OUT/ [OPTIONS]
      stream-detect batch status OUT/
      """,
    discussion: """
      'stream-detect help batch run' lists the options. Write ./status for a source of that name.
      """,
    subcommands: [BatchRunCommand.self, BatchStatusCommand.self],
    defaultSubcommand: BatchRunCommand.self)
}
