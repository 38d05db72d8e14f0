internal import Annotations
internal import Evaluation
public import Foundation

/// What a detector found, read from a file of results.
public struct Predictions: Sendable {
  let file: PredictionFile

  /// Reads JSON lines, as ``Detector/analyze(_:options:reading:outputs:progress:)`` and the command
  /// line write them, or a JSON array of COCO results.
  ///
  /// - Throws: ``StreamDetectError/annotations(_:)`` that names the damaged line or entry.
  public init(contentsOf url: URL) throws(StreamDetectError) {
    file = try annotationErrors { () throws(AnnotationError) in
      try PredictionFile(path: url.path)
    }
  }

  /// The frames with their objects; of COCO results the images and classes by their ids.
  public var images: [AnnotatedImage] {
    switch file.content {
    case .frames(let frames):
      frames.map { frame in
        AnnotatedImage(
          name: frame.source, index: frame.index, width: frame.width, height: frame.height,
          isRelative: false,
          objects: frame.objects.map {
            AnnotatedObject(
              label: $0.label, confidence: $0.confidence, box: PixelRectangle($0.box),
              isCrowd: false)
          })
      }
    case .results(let results):
      Dictionary(grouping: results, by: \.imageID).sorted { $0.key < $1.key }.map { id, objects in
        AnnotatedImage(
          name: id.description, index: 0, width: nil, height: nil, isRelative: false,
          objects: objects.map {
            AnnotatedObject(
              label: $0.categoryID.description, confidence: $0.score, box: PixelRectangle($0.box),
              isCrowd: false)
          })
      }
    }
  }

  /// Compares the predictions with what is there.
  ///
  /// Images without predictions count as empty. Classes are matched by name.
  ///
  /// - Parameter truth: The annotations of the same images.
  /// - Returns: COCO's figures, over all classes and for each.
  /// - Throws: ``StreamDetectError/annotations(_:)`` if classes or images do not match.
  public func evaluated(on truth: GroundTruth) throws(StreamDetectError) -> DetectionScores {
    DetectionScores(
      try evaluationErrors { () throws(EvaluationError) in
        try EvaluationFindings(file, truth: truth.annotations)
      })
  }
}
