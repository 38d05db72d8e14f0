internal import Support
internal import ArgumentParser
internal import Foundation
internal import Media
internal import Pipeline

/// `stream-detect probe`.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Describes a source as JSON, without decoding it.",
    discussion: """
      Reads files to the end, to find gaps and jumps in their time stamps, and live sources for \
      five seconds; --duration sets another limit.
      """)

  @Argument(help: ArgumentHelp("A file, a URL, a device, or -.", valueName: "source"))
  var source: String

  @Option(help: ArgumentHelp("Read at most this much of it.", valueName: "time"))
  var duration: TimeSpan?

  @OptionGroup(title: "Source") var open: OpenOptions
  @OptionGroup(title: "Messages") var report: ReportOptions

  func run() throws {
    FFmpegLog.install(logger: report.makeLogger())
    let usual = MediaSource(source).kind == .live ? 5 : Double.infinity
    let probe = try SourceProbe(
      source, options: open.inputOptions, seconds: duration?.seconds ?? usual)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(probe), as: UTF8.self)
    try printText(UnsafeText.escaped(inJSON: text))
  }
}
