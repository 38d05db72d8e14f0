public import Foundation

extension Detector {
  /// What happens to the objects of a video or a stream.
  ///
  /// Objects are followed from frame to frame: they come and go, enter and leave the zones of the
  /// options, cross their lines, and stand still. Low confidences help to follow them; events come
  /// of those only whose median reaches ``TrackingOptions/confidence``.
  ///
  /// - Parameters:
  ///   - url: A file, or a stream such as `rtsp://…`.
  ///   - options: Which objects are reported, and the zones and lines.
  ///   - reading: Which frames are analysed, and how the source is read.
  /// - Returns: A sequence for `for try await`, which throws ``StreamDetectError``.
  public func events(
    of url: URL, options: ObjectOptions = ObjectOptions(),
    reading: ReadingOptions = ReadingOptions()
  ) -> DetectedEvents {
    events(of: [Source(url)], options: options, reading: reading)
  }

  /// What happens to the objects of several sources: files one after the other, live sources at the
  /// same time.
  ///
  /// - Parameters:
  ///   - sources: What is read.
  ///   - options: Which objects are reported, and the zones and lines.
  ///   - reading: Which frames are analysed, and how the sources are read.
  /// - Returns: A sequence for `for try await`, which throws ``StreamDetectError``.
  public func events(
    of sources: [Source], options: ObjectOptions = ObjectOptions(),
    reading: ReadingOptions = ReadingOptions()
  ) -> DetectedEvents {
    var (options, reading) = (options, reading)
    options.reportsEvents = true
    reading.keepsPictures = false
    return DetectedEvents(frames(of: sources, options: options, reading: reading))
  }
}
