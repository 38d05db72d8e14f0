internal import Annotations
internal import Logging
internal import Media
internal import Output
internal import Pictures
internal import Report
internal import Support
internal import Tracking

/// Writes the best picture of each track, before the lines that name it: the lines are tracked once
/// to find out where each track is seen best, and the pictures are cut out of the videos.
struct TrackSnapshots {
  /// The paths of the pictures by source and track.
  typealias Paths = [String: [Int: String]]

  private let command: TrackCommand
  private let folder: String
  private let logger: Logger

  init(_ command: TrackCommand, folder: String, logger: Logger) {
    self.command = command
    self.folder = folder
    self.logger = logger
  }

  /// Writes the pictures into the folder.
  ///
  /// - Throws: `AnnotationError` for a line that can't be read, `ProgramError` for a source without
  ///   a video, `MediaError` for a video that can't be read, `SinkError` when writing fails.
  func write(_ engine: EventEngine?, isStopped: () -> Bool) throws -> Paths {
    FFmpegLog.install(logger: logger)
    let digest = try digest(engine, isStopped: isStopped)
    let named = command.video.map { FileAddress.path(of: $0) ?? $0 }
    let videos = try SourceVideos(digest, named: named, results: [command.input])
    try check(digest, videos)
    let inputs = InputFiles(videos.all.map(\.path) + [command.input])
    let places = SnapshotPaths(
      OutputTree(root: folder, content: .pictures, inputs: inputs), run: "")
    var paths: Paths = [:]
    for (index, video) in videos.all where !isStopped() {
      let source = digest.sources[index]
      let sights = source.tracks.indices.compactMap { place in
        source.tracks[place].sight.map { (place, $0) }
      }
      guard !sights.isEmpty else { continue }
      try SightReader(path: video).read(sights, wantsFirst: false, isStopped: isStopped) {
        picture, due in
        for (place, sight) in due {
          guard let crop = try picture.cut(sight, margin: 0) else { continue }
          let id = source.tracks[place].id
          let path = try places.prepared(forTrack: id, in: source.name)
          try ImageFile.write(crop, path: path)
          paths[source.name, default: [:]][id] = path
        }
      }
      places.end(source.name)
    }
    return paths
  }

  /// What the lines will say.
  private func digest(_ engine: EventEngine?, isStopped: () -> Bool) throws -> RunDigest {
    var digest = RunDigest(keepsCourse: true)
    digest.beginFile()
    let input = try LineInput(command.input)
    var number = 0
    var trackers = TrackedSources(command, events: engine, writesFrames: true) { line in
      number += 1
      try digest.take(Array(line.dropLast()), path: input.path, number: number)
    }
    while !isStopped(), let line = try input.next(isStopped: isStopped, beforeWaiting: {}) {
      try trackers.take(line, path: input.path, number: input.lineNumber)
    }
    try trackers.finish()
    return digest
  }

  /// Refuses sources whose pictures would be missing, or would replace those of another.
  private func check(_ digest: RunDigest, _ videos: SourceVideos) throws {
    let found = Set(videos.all.map(\.index))
    var names: Set<String> = []
    for (index, source) in digest.sources.enumerated() where source.isTracked {
      guard found.contains(index) else {
        throw ProgramError(
          .usage, printable(source.name), "no video of this source is found",
          remedy: "Name it with --video, or leave --snapshots out")
      }
      guard names.insert(source.name).inserted else {
        throw ProgramError(
          .usage, printable(source.name),
          "the lines have two sources of this name, and their pictures would replace each other",
          remedy: "Track the lines of one run at a time")
      }
    }
  }
}
