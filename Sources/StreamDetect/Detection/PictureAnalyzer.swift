internal import Geometry
internal import Media
internal import Pictures
internal import Pipeline
internal import SSDLite

/// Finds objects in single pictures, with all the memory for it; for one thread at a time.
final class PictureAnalyzer {
  private let scaler = Scaler()
  private let input: RGBImage
  private let worker: DetectorWorker

  init(_ detector: SSDLite.Detector, options: DetectionOptions) {
    input = RGBImage(width: detector.inputWidth, height: detector.inputHeight)
    worker = detector.makeWorker(options: options)
  }

  /// The objects in a picture; boxes are in fractions of it.
  ///
  /// - Throws: `MediaError` if FFmpeg cannot convert the picture's pixel format.
  func detect(
    in frame: VideoFrame, options: DetectionOptions, tiles: TileGrid
  ) throws(MediaError) -> [Detection] {
    worker.options = options
    let (width, height) = (frame.width, frame.height)
    let layout = TileLayout(width: width, height: height, sides: sides(tiles, frame))
    guard layout.tiles.count > 1 else {
      return try detect(in: frame, layout.tiles[0]).detections
    }
    var merge = TileMerge(options: options)
    for tile in layout.tiles {
      let (detections, part) = try detect(in: frame, tile)
      merge.add(detections, from: part.fractions(width: width, height: height))
    }
    return merge.finish()
  }

  private func detect(
    in frame: VideoFrame, _ tile: PixelRegion
  ) throws(MediaError) -> (detections: [Detection], part: PixelRegion) {
    let part = try scaler.scale(frame, region: tile, into: input)
    return (input.withPixels { worker.detect(rgb: $0) }, part)
  }

  private func sides(_ tiles: TileGrid, _ frame: VideoFrame) -> [Int] {
    guard tiles.isAuto else { return tiles.sides }
    return TileChoice.candidates(
      width: frame.width, height: frame.height, input: (input.width, input.height)
    ).first ?? []
  }
}
