package import Annotations
internal import Foundation
package import Media
package import Output
package import Pipeline
internal import SSDLite
internal import Support

/// Writes the results of each source into files of their own, and publishes them with a receipt
/// when the source has ended.
///
/// Published is what is complete, and what failed for good. What was stopped or may succeed later
/// leaves nothing.
package final class BatchSink: ResultSink {
  /// What the results have in common.
  package struct Settings {
    /// The first line of each result.
    package var run: RunRecord
    /// The names of classes by their ids.
    package var labels: [String]
    /// Whether lines have frames, and not only events.
    package var writesFrames = true
    /// The pictures of tracks, for events that name them.
    package var snapshots: SnapshotLog?

    /// Makes settings from their parts.
    package init(run: RunRecord, labels: [String]) {
      self.run = run
      self.labels = labels
    }
  }

  /// A source that has begun.
  private struct Open {
    let lines: JSONLinesSink
    var objects: [Int: Int] = [:]
  }

  package let sinkName = "results"
  package var wantsPictures: Bool { pictures.contains { $0.wantsPictures } }
  package var wantsAudio: Bool { pictures.contains { $0.wantsAudio } }
  private let work: BatchWork
  private let settings: Settings
  private let pictures: [PictureSink]
  /// Called with each receipt that was published.
  private let tell: (Receipt) throws -> Void
  private let note: (String) -> Void
  private var sources: [String: Open] = [:]
  /// Frames and ends of sources so far.
  private var records = 0

  /// Creates a sink for the sources of `work`.
  ///
  /// `pictures` are called before the lines are written; `note` gets sentences for people.
  package init(
    _ work: BatchWork, _ settings: Settings, pictures: [PictureSink] = [],
    tell: @escaping (Receipt) throws -> Void, note: @escaping (String) -> Void
  ) {
    self.work = work
    self.settings = settings
    self.pictures = pictures
    self.tell = tell
    self.note = note
  }

  /// Begins a result.
  package func sourceStarted(_ start: SourceStart) throws {
    guard let claim = work.claim(of: start.source) else { return }
    for kind in [Receipt.Output.Kind.crops, .snapshots] {
      if let folder = work.store.path(of: kind, of: claim.item) { PictureFolder.clear(folder) }
    }
    for sink in pictures { try sink.sourceStarted(start) }
    var run = settings.run
    if let part = claim.item.source.part {
      if let start = part.start { run.options?.start = start }
      if let end = part.end { run.options?.end = end }
    }
    let file = OutputFile(ownedAs: claim.path) { bytes throws(FileError) in
      try claim.write(bytes)
    }
    let lines = JSONLinesSink(
      file, run: run, labels: settings.labels, writesFrames: settings.writesFrames,
      snapshots: settings.snapshots, recordsBefore: records)
    try lines.start()
    try lines.sourceStarted(start)
    sources[start.source] = Open(lines: lines)
  }

  /// Adds a frame.
  package func frame(_ result: FrameResult) throws {
    records += 1
    for sink in pictures { try sink.frame(result) }
    try sources[result.source]?.lines.frame(result)
    for detection in result.detections {
      sources[result.source]?.objects[detection.classID, default: 0] += 1
    }
  }

  /// Adds sound to the video.
  package func audio(_ packets: [Packet], of source: String) throws {
    for sink in pictures { try sink.audio(packets, of: source) }
  }

  /// Publishes the result, or throws it away.
  package func sourceEnded(_ end: SourceEnd) throws {
    records += 1
    let open = sources.removeValue(forKey: end.source)
    guard let claim = work.claim(of: end.source) else { return }
    var status = Receipt.Status(end)
    if status != nil, !claim.isInputUnchanged {
      note("\(end.source): it changed while it was read, and is done again by the next run.")
      status = nil
      return try abandon(claim, end) { $0.transient += 1 }
    }
    guard let status else {
      return try abandon(claim, end) { tally in
        if end.status == .stopped { tally.stopped += 1 } else { tally.transient += 1 }
      }
    }
    let receipt: Receipt?
    if status != .failed, let open {
      var summary = RunSummary()
      summary.add(end)
      for sink in pictures { try sink.sourceEnded(end) }
      try open.lines.sourceEnded(end)
      try open.lines.finish(summary, exitCode: status == .complete ? 0 : 3)
      receipt = try claim.publish(
        self.receipt(end, status, claim, open), withLines: true)
    } else {
      for sink in pictures { try sink.sourceAbandoned(end) }
      receipt = try claim.publish(self.receipt(end, status, claim, nil), withLines: false)
    }
    work.settle(end.source) { tally in
      switch receipt.map({ _ in status }) {
      case nil: tally.elsewhere += 1
      case .complete: tally.complete += 1
      case .truncated, .gaps: tally.damaged += 1
      case .failed: tally.failed += 1
      }
    }
    if let receipt { try tell(receipt) }
  }

  private func abandon(
    _ claim: ResultClaim, _ end: SourceEnd, _ count: (inout BatchWork.Tally) -> Void
  ) throws {
    claim.discard()
    for sink in pictures { try sink.sourceAbandoned(end) }
    work.settle(end.source, count)
  }

  private func receipt(
    _ end: SourceEnd, _ status: Receipt.Status, _ claim: ResultClaim, _ open: Open?
  ) throws -> Receipt {
    let counts = end.counts
    var objects: [String: Int] = [:]
    for (id, count) in open?.objects ?? [:] {
      objects[ClassLabel.name(of: id, in: settings.labels), default: 0] += count
    }
    return Receipt(
      source: end.source, uri: redacted(claim.item.source.location), input: claim.input,
      model: work.store.model, options: claim.item.options, tool: settings.run.tool ?? "",
      runID: settings.run.runID ?? "", finished: Date(), elapsed: end.elapsed, status: status,
      reason: end.reason.map { "\($0.code): \($0.message)" },
      frames: .init(
        decoded: counts.decoded, processed: counts.processed, skipped: counts.skipped,
        dropped: counts.dropped, failed: counts.failed),
      objects: objects, outputs: open == nil ? [] : work.store.pictureOutputs(of: claim.item))
  }
}

extension Receipt.Status {
  /// The status of a source that gets a receipt; `nil` for one that is to be done again.
  fileprivate init?(_ end: SourceEnd) {
    switch end.status {
    case .complete: self = .complete
    case .truncated, .gaps, .failed:
      guard end.reason?.isTransient != true else { return nil }
      self = end.status == .truncated ? .truncated : end.status == .gaps ? .gaps : .failed
    case .stopped: return nil
    }
  }
}
