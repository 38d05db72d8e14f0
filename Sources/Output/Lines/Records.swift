public import Annotations
internal import Foundation
internal import Geometry
internal import Media
public import Pipeline
internal import SSDLite

extension FrameRecord {
  /// The record of a frame; `labels` are the model's names by class id.
  init(_ result: FrameResult, labels: [String]) {
    self.init(
      source: result.source, index: result.index, pts: result.pts.map { Int($0) }, t: result.t,
      wall: result.wall, lag: result.lag, width: result.width, height: result.height,
      isCorrupt: result.isCorrupt,
      objects: result.detections.enumerated().map { index, detection in
        var object = ObjectRecord(
          label: ClassLabel.name(of: detection.classID, in: labels), classID: detection.classID,
          confidence: detection.score, box: detection.box, width: result.width,
          height: result.height)
        object.trackID = result.track(of: index)?.id
        object.isPredicted = result.track(of: index)?.isPredicted ?? false
        object.zones = result.track(of: index)?.zones ?? []
        return object
      })
  }
}

extension ClassesRecord {
  /// The record of a frame of which a classifier made "detections" that cover all of it; `labels`
  /// are its names by class id.
  public init(_ result: FrameResult, labels: [String]) {
    self.init(
      source: result.source,
      classes: result.detections.map { detection in
        Guess(
          label: ClassLabel.name(of: detection.classID, in: labels), classID: detection.classID,
          confidence: Double(detection.score))
      },
      index: result.index, pts: result.pts.map { Int($0) }, t: result.t, wall: result.wall,
      lag: result.lag, isCorrupt: result.isCorrupt)
  }
}

extension SegmentsRecord {
  /// The record of a frame of which a segmenter made "detections" whose scores are the shares of
  /// classes in its pixels; `labels` are its names by class id.
  public init(_ result: FrameResult, labels: [String]) {
    self.init(
      source: result.source,
      segments: result.detections.map { detection in
        Segment(
          label: ClassLabel.name(of: detection.classID, in: labels), classID: detection.classID,
          share: Double(detection.score))
      },
      index: result.index, pts: result.pts.map { Int($0) }, t: result.t, wall: result.wall,
      lag: result.lag, width: result.width, height: result.height, isCorrupt: result.isCorrupt)
  }
}

extension SourceRecord {
  /// The record of a source that was opened.
  init(_ start: SourceStart) {
    let info = start.info
    self.init(
      source: start.source, uri: start.uri, kind: Kind(info.kind), width: info.width,
      height: info.height, rotation: info.rotation, codec: info.codec,
      pixelFormat: info.pixelFormat,
      timeBase: Fraction(info.timeBase.numerator, info.timeBase.denominator),
      averageFrameRate: info.averageFrameRate.map { Fraction($0.numerator, $0.denominator) },
      start: start.start, tiles: start.tiles,
      sizes: start.sizes?.map(\.description))
  }
}

extension SourceRecord.Kind {
  fileprivate init(_ kind: SourceKind) {
    switch kind {
    case .file: self = .file
    case .live: self = .live
    case .image: self = .image
    }
  }
}

extension GapRecord {
  /// The record of a live source that was lost or restored.
  init(_ gap: Gap) {
    self.init(
      source: gap.source, state: State(gap.state), reason: gap.reason?.code, nextFrame: gap.frame,
      wall: gap.wall, attempt: gap.attempt, retryIn: gap.retryIn)
  }
}

extension GapRecord.State {
  fileprivate init(_ state: Gap.State) {
    switch state {
    case .lost: self = .lost
    case .restored: self = .restored
    }
  }
}

extension EndRecord {
  /// The record of a source that ended.
  init(_ end: SourceEnd) {
    let counts = end.counts
    self.init(
      source: end.source, status: Status(end.status),
      reason: end.reason.map { "\($0.code): \($0.message)" },
      frames: Frames(
        decoded: counts.decoded, processed: counts.processed, skipped: counts.skipped,
        dropped: counts.dropped, failed: counts.failed),
      objects: end.objects, corrupt: end.corrupt, reconnects: end.reconnects,
      repairedTimestamps: end.ptsRepaired,
      firstT: end.firstT, lastT: end.lastT, elapsed: end.elapsed)
  }
}

extension EndRecord.Status {
  fileprivate init(_ status: SourceEnd.Status) {
    switch status {
    case .complete: self = .complete
    case .truncated: self = .truncated
    case .gaps: self = .gaps
    case .failed: self = .failed
    case .stopped: self = .stopped
    }
  }
}

extension SummaryRecord {
  /// The record of a run that ended.
  init(_ summary: RunSummary, runID: String, exitCode: Int) {
    self.init(
      runID: runID,
      sources: Sources(
        total: summary.total, complete: summary[.complete], truncated: summary[.truncated],
        gaps: summary[.gaps],
        failed: summary[.failed], stopped: summary[.stopped]),
      passedOver: .init(files: summary.passedOver.files, folders: summary.passedOver.folders),
      exitCode: exitCode)
  }
}
