internal import ArgumentParser

/// `stream-detect`: all commands.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream-detect",
    abstract: "Finds objects in videos, images and live streams.",
    usage: """
      stream-detect [detect] SOURCE… [OPTIONS]
      stream-detect COMMAND …
      """,
    discussion: """
      Write ./NAME for a file that has the name of a command. 'stream-detect help detect' lists \
      the options of the default command.

      \(ExitStatus.help)
      """,
    version: Program.version,
    subcommands: [
      DetectCommand.self, BatchCommand.self, TrackCommand.self, SummaryCommand.self,
      ReportCommand.self,
      ConvertCommand.self,
      EvalCommand.self, ClassifyCommand.self,
      SegmentCommand.self, ModelsCommand.self, ProbeCommand.self,
      SchemaCommand.self, DoctorCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: DetectCommand.self)
}
