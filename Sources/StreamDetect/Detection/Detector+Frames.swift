public import Foundation
internal import Models
internal import Pipeline

extension Detector {
  /// The frames of a video, a stream or a picture, with the objects in them.
  ///
  /// - Parameters:
  ///   - url: A file, or a stream such as `rtsp://…`.
  ///   - options: Which objects are reported.
  ///   - reading: Which frames are analysed, and how the source is read.
  /// - Returns: A sequence for `for try await`, which throws ``StreamDetectError``.
  public func frames(
    of url: URL, options: ObjectOptions = ObjectOptions(),
    reading: ReadingOptions = ReadingOptions()
  ) -> DetectedFrames {
    frames(of: [Source(url)], options: options, reading: reading)
  }

  /// The frames of several sources: files one after the other, live sources at the same time.
  ///
  /// A source that fails does not disturb the others; the loop throws what failed after the last
  /// frame.
  ///
  /// - Parameters:
  ///   - sources: What is read.
  ///   - options: Which objects are reported.
  ///   - reading: Which frames are analysed, and how the sources are read.
  /// - Returns: A sequence for `for try await`, which throws ``StreamDetectError``.
  public func frames(
    of sources: [Source], options: ObjectOptions = ObjectOptions(),
    reading: ReadingOptions = ReadingOptions()
  ) -> DetectedFrames {
    DetectedFrames(
      labels: labels, keepsPictures: reading.keepsPictures, sourceCount: sources.count
    ) { () throws(StreamDetectError) in
      let sources = sources.map(\.mediaSource)
      let workers = reading.workers(for: sources)
      try options.tracking?.check(for: sources, hasPictures: reading.keepsPictures)
      let options = try pipelineOptions(options, reading, workers: workers.frames)
      return DetectionResults(
        pyramid: try pyramid(
          options.sizes, frameThreads: workers.threadsPerFrame, workers: workers.frames),
        options: options,
        sources: sources, wantsPictures: reading.keepsPictures)
    }
  }

  /// The pipeline's options.
  func pipelineOptions(
    _ options: ObjectOptions, _ reading: ReadingOptions, workers: Int
  ) throws(StreamDetectError) -> PipelineOptions {
    var pipeline = try reading.pipelineOptions(
      options.detectionOptions(model: file.description, labels: labels),
      tiles: options.tiles.grid(), sizes: options.sizes.inputSizes(), workers: workers)
    pipeline.areas = try options.frameAreas()
    pipeline.tracking = try options.objectTracking(labels: labels)
    return pipeline
  }
}
