internal import ArgumentParser
internal import Batch
internal import Support

/// `stream-detect batch status`.
struct BatchStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tells how far a batch is.",
    discussion: """
      EXIT CODES:
        0     every source is complete
        2     there is no batch in the folder
        3     all done, but some sources are bad for good
        7     sources are left to do
      """)

  @Argument(
    help: ArgumentHelp("Folder of the results, the --out-dir of the batch.", valueName: "out"))
  var folder: String

  @Flag(help: "Print one JSON object, with every source that is bad for good.")
  var json = false

  func run() throws {
    let status = try BatchStatus(in: folder)
    try printText(json ? document(status) : text(status))
    if status.left > 0 { throw ExitStatus.checkpoint }
    if !status.faults.isEmpty { throw ExitStatus.badInput }
  }

  /// How many faults are listed for people.
  private static let most = 10

  private func text(_ status: BatchStatus) -> String {
    let finished = status.total - status.left
    let share = status.total > 0 ? finished * 100 / status.total : 100
    var rows = [
      ["complete", "\(status.complete)"], ["bad for good", "\(status.faults.count)"],
      ["left", "\(status.left)"],
    ]
    if status.left > 0 {
      let minutes = Int(BatchStatus.window / 60)
      rows.append([
        "rate",
        status.rate.map { "\(decimals($0, 0)) an hour" } ?? "none finished in \(minutes) minutes",
      ])
      if let seconds = status.timeLeft { rows.append(["time left", Self.span(seconds)]) }
    }
    rows.append(["frames", "\(status.frames)"])
    for (label, count) in status.objects.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      rows.append([label, "\(count)"])
    }
    var lines = ["\(finished) of \(status.total) sources finished (\(share) %)"]
    lines += aligned(rows, leftColumns: 1)
    for fault in status.faults.prefix(Self.most) {
      lines.append("\(fault.source): \(fault.status.rawValue): \(fault.reason)")
    }
    if status.faults.count > Self.most {
      lines.append("and \(status.faults.count - Self.most) more: --json lists all")
    }
    return lines.map { printable($0) }.joined(separator: "\n")
  }

  /// `4 h 38 min`, `12 min` or `30 s`.
  private static func span(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 120 { return "\(whole) s" }
    return whole < 7200 ? "\(whole / 60) min" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  private func document(_ status: BatchStatus) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "batch_status")
    json.field("sources", status.total)
    json.field("complete", status.complete)
    json.field("bad", status.faults.count)
    json.field("left", status.left)
    json.field("per_hour", status.rate, decimals: 1)
    json.field("seconds_left", status.timeLeft, decimals: 0)
    json.field("frames", status.frames)
    json.key("objects")
    json.beginObject()
    for (label, count) in status.objects.sorted(by: { $0.key < $1.key }) {
      json.field(label, count)
    }
    json.endObject()
    json.key("faults")
    json.beginArray()
    for fault in status.faults {
      json.beginObject()
      json.field("source", fault.source)
      json.field("status", fault.status.rawValue)
      json.field("reason", fault.reason)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
