internal import Dispatch
public import Pipeline

/// Reports the progress of a run on standard error, also while no frame arrives.
public final class ProgressReporter {
  private let style: ProgressStyle
  private let console: Console
  private let control: PipelineControl
  private let timer: any DispatchSourceTimer

  private let countsObjects: Bool

  /// Starts to report the progress of the run that `control` belongs to.
  ///
  /// `countsObjects` is false for a run that finds none.
  public init(
    _ control: PipelineControl, style: ProgressStyle, countsObjects: Bool = true,
    console: Console = .standardError
  ) {
    self.style = style
    self.countsObjects = countsObjects
    self.console = console
    self.control = control
    timer = DispatchSource.makeTimerSource(
      queue: DispatchQueue(label: "stream-detect.progress", qos: .utility))
    let interval = style == .bar ? 0.2 : 10
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler {
      Self.report(control.progress(), style, countsObjects, to: console)
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Stops reporting, removes the bar and writes a last line if `saysLast`.
  public func finish(saysLast: Bool = true) {
    timer.cancel()
    console.setStatus("")
    guard saysLast else { return }
    let progress = control.progress()
    console.writeLine(
      style == .json
        ? progress.json(isDone: true, countsObjects) : progress.last(countsObjects))
  }

  private static func report(
    _ progress: PipelineProgress, _ style: ProgressStyle, _ countsObjects: Bool,
    to console: Console
  ) {
    switch style {
    case .bar: console.setStatus(progress.bar(countsObjects))
    case .plain: console.writeLine(progress.plain(countsObjects))
    case .json: console.writeLine(progress.json(isDone: false, countsObjects))
    }
  }
}
