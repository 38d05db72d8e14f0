internal import Layers
internal import SSDLite
internal import Geometry
internal import Pictures

/// Gives each worker a scaler, an input picture and a session of the detector.
struct DetectorAnalyzerFactory: FrameAnalyzerFactory {
  let pyramid: DetectorPyramid
  let options: DetectionOptions
  /// Whether the luma of whole frames is wanted.
  var wantsLuma = false

  var sizes: [InputSize] { pyramid.levels.map(\.inputSize) }

  func makeAnalyzers() -> [any FrameAnalyzer] {
    pyramid.levels.enumerated().map { level, detector in
      DetectorAnalyzer(detector, options: options, wantsLuma: wantsLuma && level == 0)
    }
  }
}

/// Feeds the pixels of a run's frames to the network.
private final class DetectorAnalyzer: FrameAnalyzer {
  private let scaler = Scaler()
  private let image: RGBImage
  private let worker: DetectorWorker
  private let wantsLuma: Bool
  private var luma: LumaImage?

  init(_ detector: Detector, options: DetectionOptions, wantsLuma: Bool) {
    self.wantsLuma = wantsLuma
    image = RGBImage(width: detector.inputWidth, height: detector.inputHeight)
    worker = detector.makeWorker(options: options)
  }

  func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion {
    guard let picture = frame.picture else { preconditionFailure("a frame without its picture") }
    let taken = try scaler.scale(
      picture, region: region, hiding: frame.areas?.masks ?? [], into: image)
    let isWhole = taken.width == frame.width && taken.height == frame.height
    luma = wantsLuma && isWhole ? LumaImage(image) : nil
    return taken
  }

  func takeLuma() -> LumaImage? {
    defer { luma = nil }
    return luma
  }

  func detect(timings: inout StageTimings) -> [Detection] {
    let began = ContinuousClock.now
    let session = worker.session
    image.withPixels { session.setInput(rgb: $0, worker.detector.normalization) }
    session.run()
    let inferred = ContinuousClock.now
    let detections = worker.postprocess()
    timings.inference.add(began.duration(to: inferred))
    timings.postprocess.add(inferred.duration(to: .now))
    return detections
  }
}
