internal import Geometry
internal import Media
internal import Pictures
internal import Pipeline
internal import SSDLite

/// Finds objects in single pictures, with all the memory for it; for one thread at a time.
final class PictureAnalyzer {
  private let scaler = Scaler()
  /// One for each size.
  private let levels: [Level]

  private struct Level {
    let input: RGBImage
    let worker: DetectorWorker
  }

  init(_ pyramid: DetectorPyramid, options: DetectionOptions) {
    levels = pyramid.levels.map {
      Level(
        input: RGBImage(width: $0.inputWidth, height: $0.inputHeight),
        worker: $0.makeWorker(options: options))
    }
  }

  /// The objects in a picture; boxes are in fractions of it.
  ///
  /// - Throws: `MediaError` if FFmpeg cannot convert the picture's pixel format.
  func detect(
    in frame: VideoFrame, options: DetectionOptions, tiles: TileGrid, sizes: InputSizes,
    areas: PlacedAreas
  ) throws(MediaError) -> [Detection] {
    for level in levels { level.worker.options = options }
    let (width, height) = (frame.width, frame.height)
    let layout = TileLayout(width: width, height: height, sides: sides(tiles, frame))
    let own = levels[0].worker.detector.inputSize
    let views = FrameView.views(
      of: layout, levels: chosenLevels(sizes, frame),
      details: areas.details.flatMap {
        DetailTiles.tiles(of: $0, width: width, height: height, input: own)
      })
    guard views.count > 1 else {
      return try detect(in: frame, views[0], hiding: areas.masks).detections
    }
    var merge = TileMerge(options: options)
    for view in views {
      let (detections, part) = try detect(in: frame, view, hiding: areas.masks)
      merge.add(detections, from: part.fractions(width: width, height: height))
    }
    return merge.finish()
  }

  private func detect(
    in frame: VideoFrame, _ view: FrameView, hiding masks: [[Point]]
  ) throws(MediaError) -> (detections: [Detection], part: PixelRegion) {
    let level = levels[view.level]
    let part = try scaler.scale(
      frame, region: view.region, hiding: masks, into: level.input)
    return (level.input.withPixels { level.worker.detect(rgb: $0) }, part)
  }

  private func sides(_ tiles: TileGrid, _ frame: VideoFrame) -> [Int] {
    guard tiles.isAuto else { return tiles.sides }
    let own = levels[0].worker.detector.inputSize
    return ViewChoice.candidates(width: frame.width, height: frame.height, input: own).first ?? []
  }

  private func chosenLevels(_ sizes: InputSizes, _ frame: VideoFrame) -> [Int] {
    levels.indices.filter { level in
      level == 0 || !sizes.isAuto
        || ViewChoice.isWorthwhile(
          levels[level].worker.detector.inputSize, width: frame.width, height: frame.height)
    }
  }
}
