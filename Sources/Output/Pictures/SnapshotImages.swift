internal import Geometry
internal import Media
internal import Pictures
internal import Pipeline
internal import SSDLite
internal import Tracking

/// Writes the best picture of each track, cropped from its frame.
///
/// The best is sharp, large, of a sure detection and not cut off by the border of the frame. It is
/// kept in memory while better ones follow, and written when none has for two seconds of the
/// source, when the track's event ends, or at the end of the source; a better one that comes later
/// replaces it.
final class SnapshotImages {
  /// The pictures that wait.
  private struct Pending {
    var picture: Picture
    /// The time of the frame in the source.
    var t: Double
  }

  private struct Source {
    /// How good the best picture of each track is, and when the track was seen last.
    var best: [Int: (quality: Double, t: Double)] = [:]
    var pending: [Int: Pending] = [:]
    var nextCleaning = SnapshotImages.memory
  }

  /// How long a picture waits for better ones, in seconds.
  private static let patience = 2.0
  /// How long a track that isn't seen is remembered, in seconds: far longer than trackers do.
  private static let memory = 3600.0
  /// The bytes of all pictures that wait; more are written at once.
  private static let mostBytes = 64 << 20

  private let paths: SnapshotPaths
  private let log: SnapshotLog?
  private var sources: [String: Source] = [:]
  private var byteCount = 0

  /// Writes pictures, and tells `log` which ones.
  init(_ paths: SnapshotPaths, log: SnapshotLog? = nil) {
    self.paths = paths
    self.log = log
  }

  func begin(_ start: SourceStart) {
    paths.begin(start)
    sources[start.source] = Source()
  }

  func write(_ picture: Picture, of result: FrameResult) throws {
    var source = sources.removeValue(forKey: result.source) ?? Source()
    // Put back whatever happens, so that it isn't copied.
    defer { sources[result.source] = source }
    for (index, detection) in result.detections.enumerated() {
      guard let track = result.track(of: index), !track.isPredicted else { continue }
      let known = source.best[track.id]?.quality ?? 0
      if known > 0 { source.best[track.id]?.t = result.t }
      let box = PixelBox(detection.box, width: picture.width, height: picture.height)
      let most = SnapshotQuality.most(
        box, score: Double(detection.score), width: picture.width, height: picture.height)
      guard most > known,
        let crop = try picture.cropped(
          x: Float(box.x), y: Float(box.y), width: Float(box.width), height: Float(box.height))
      else { continue }
      let quality = most * SnapshotQuality.share(sharpness: crop.sharpness)
      guard quality > known else { continue }
      byteCount += crop.layout.byteCount
      if let old = source.pending.updateValue(
        Pending(picture: crop, t: result.t), forKey: track.id)
      {
        byteCount -= old.picture.layout.byteCount
      }
      source.best[track.id] = (quality, result.t)
    }
    try writeDue(&source, of: result)
    for event in result.events {
      guard case .ended = event.kind else { continue }
      try write(event.trackID, &source, of: result.source)
    }
    if result.t >= source.nextCleaning {
      source.nextCleaning = result.t + Self.memory
      source.best = source.best.filter { $0.value.t > result.t - Self.memory }
      log?.keep(result.source) { source.best[$0] != nil }
    }
  }

  /// Says that all pictures of a record of the run have been written.
  func advance() { log?.advance() }

  /// Says that no picture will follow.
  func fail() { log?.close() }

  func end(_ name: String) throws {
    defer { paths.end(name) }
    guard var source = sources.removeValue(forKey: name) else { return }
    for id in source.pending.keys.sorted() { try write(id, &source, of: name) }
  }

  private func writeDue(_ source: inout Source, of result: FrameResult) throws {
    for id in source.pending.keys.sorted() {
      guard let waiting = source.pending[id], result.t - waiting.t >= Self.patience else {
        continue
      }
      try write(id, &source, of: result.source)
    }
    while byteCount > Self.mostBytes,
      let oldest = source.pending.min(by: { ($0.value.t, $0.key) < ($1.value.t, $1.key) })
    {
      try write(oldest.key, &source, of: result.source)
    }
  }

  private func write(_ id: Int, _ source: inout Source, of name: String) throws {
    guard let waiting = source.pending.removeValue(forKey: id) else { return }
    byteCount -= waiting.picture.layout.byteCount
    let path = try paths.prepared(forTrack: id, in: name)
    try ImageFile.write(waiting.picture, path: path)
    log?.add(path, ofTrack: id, in: name)
  }
}

/// How good a picture of an object is.
enum SnapshotQuality {
  /// What a picture is worth that the border cuts off, as a share.
  private static let cutShare = 0.25
  /// The sharpness at which a picture is worth half as much as one without any blur.
  private static let halfSharpness = 0.2

  /// The most that a picture with this box can be worth.
  static func most(_ box: PixelBox, score: Double, width: Int, height: Int) -> Double {
    let margin = max(1, 0.004 * Double(min(width, height)))
    let isCut =
      box.x < margin || box.y < margin || box.x + box.width > Double(width) - margin
      || box.y + box.height > Double(height) - margin
    return score * max(box.area, 0).squareRoot() * (isCut ? cutShare : 1)
  }

  /// How much of that is left at a sharpness.
  static func share(sharpness: Double) -> Double { sharpness / (sharpness + halfSharpness) }
}
