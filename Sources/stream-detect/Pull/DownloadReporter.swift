internal import Dispatch
internal import Download
internal import Output
internal import Support

/// Reports the progress of a download on standard error.
final class DownloadReporter {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "stream-detect.download-progress", qos: .utility)

  /// Starts to report.
  init(
    _ name: String, _ control: DownloadControl, style: ProgressStyle,
    console: Console = .standardError
  ) {
    timer = DispatchSource.makeTimerSource(queue: queue)
    let interval = style == .bar ? 0.2 : 10
    timer.schedule(deadline: .now() + interval, repeating: interval)
    let began = ContinuousClock.now
    timer.setEventHandler {
      let span = began.duration(to: .now).components
      let line = DownloadLine(
        name: name, progress: control.progress,
        seconds: Double(span.seconds) + Double(span.attoseconds) * 1e-18)
      switch style {
      case .bar: console.setStatus(line.bar)
      case .plain: console.writeLine(line.plain)
      case .json: console.writeLine(line.json)
      }
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Stops reporting and removes the bar.
  func finish(console: Console = .standardError) {
    timer.cancel()
    queue.sync { console.setStatus("") }
  }
}

/// One report of a download.
struct DownloadLine {
  var name: String
  var progress: DownloadControl.Progress
  /// Seconds since the download began.
  var seconds: Double

  private var fraction: Double? {
    progress.total.flatMap { total in
      total > 0 ? min(Double(progress.received) / Double(total), 1) : nil
    }
  }

  private var rate: Double { seconds > 0 ? Double(progress.receivedNow) / seconds : 0 }

  private var amount: String {
    let received = decimals(Double(progress.received) / 1e6, 1)
    let total = progress.total.map { " of \(decimals(Double($0) / 1e6, 1))" } ?? ""
    return "\(received)\(total) MB  \(decimals(rate / 1e6, 1)) MB/s"
  }

  /// `mobilenet_v2  [#####-----]  50 %  6.8 of 13.6 MB  2.1 MB/s`.
  var bar: String {
    guard let fraction else { return "\(name)  \(amount)" }
    let filled = Int(fraction * 20)
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
    return "\(name)  [\(bar)]  \(Int(fraction * 100)) %  \(amount)"
  }

  /// `mobilenet_v2: 6.8 of 13.6 MB  2.1 MB/s`.
  var plain: String { "\(name): \(amount)" }

  /// `{"type":"download",…}`.
  var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "download")
    json.field("name", name)
    json.field("received", progress.received)
    json.field("total", progress.total)
    json.field("fraction", fraction, decimals: 4)
    json.field("elapsed", seconds, decimals: 3)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
