internal import Media
internal import Models
internal import Pipeline
internal import SSDLite
internal import Support

extension Detector {
  /// The objects in a picture, the most confident first.
  ///
  /// Computes on the calling thread; call it from several threads or tasks to use more cores.
  ///
  /// - Parameters:
  ///   - picture: From a file, from memory, or of a frame.
  ///   - options: Which objects are reported.
  /// - Returns: The objects, with boxes in pixels and in fractions of the picture.
  /// - Throws: ``StreamDetectError/options(_:)`` for an impossible option, and
  ///   ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format.
  public func objects(
    in picture: Picture, options: ObjectOptions = ObjectOptions()
  ) throws(StreamDetectError) -> [DetectedObject] {
    let detection = try options.detectionOptions(model: file.description, labels: labels)
    let tiles = try options.tiles.grid()
    let sizes = try options.sizes.inputSizes()
    guard
      let areas = try options.frameAreas().placed(width: picture.width, height: picture.height)
    else {
      throw .options(
        OptionFailure(
          "masks", message: "A mask or a region has a corner outside of the picture.",
          remedy: "Give pixels of the picture, or fractions of it."))
    }
    let analyzer: PictureAnalyzer
    if let idle = analyzers.withLock({ $0[sizes]?.popLast() }) {
      analyzer = idle
    } else {
      analyzer = PictureAnalyzer(try pyramid(sizes, frameThreads: 1), options: detection)
    }
    defer { analyzers.withLock { $0[sizes, default: []].append(analyzer) } }
    do throws(MediaError) {
      return try analyzer.detect(
        in: picture.frame, options: detection, tiles: tiles, sizes: sizes, areas: areas
      )
      .map {
        DetectedObject($0, labels: labels, width: picture.width, height: picture.height)
      }
    } catch {
      throw .media(MediaFailure(error))
    }
  }
}
