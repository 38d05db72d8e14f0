internal import Annotations
internal import Evaluation
public import Foundation
internal import Geometry

/// What the images of a data set show, as people annotated it.
///
///     let truth = try GroundTruth(contentsOf: URL(filePath: "instances_val2017.json"))
///     let scores = try await detector.evaluated(on: truth, images: Source.expanding(["val2017"]))
///     print(scores.averagePrecision)
public struct GroundTruth: Sendable {
  let annotations: AnnotationSet

  /// Reads COCO's `instances.json`, a folder of Pascal VOC's XML files, or YOLO's `data.yaml` or
  /// folder of text files; the content shows which it is.
  ///
  /// - Throws: ``StreamDetectError/annotations(_:)`` that names the file and what is wrong in it.
  public init(contentsOf url: URL) throws(StreamDetectError) {
    annotations = try annotationErrors { () throws(AnnotationError) in
      try AnnotationSet(path: url.path)
    }
  }

  /// The names of the classes.
  public var classes: [String] { annotations.categories.map(\.name) }

  /// The images with their objects.
  public var images: [AnnotatedImage] {
    annotations.images.map { image in
      AnnotatedImage(
        name: image.name, index: 0, width: image.width, height: image.height,
        isRelative: image.isRelative,
        objects: image.boxes.map {
          AnnotatedObject(
            label: annotations.categories[$0.category].name, confidence: nil,
            box: PixelRectangle($0.box),
            isCrowd: $0.isCrowd)
        })
    }
  }
}

/// An image of a data set or a frame of a results file, with its objects.
public struct AnnotatedImage: Hashable, Sendable {
  /// The name of its file, or of the source of the frame.
  public let name: String
  /// The place of the frame in its source, from 0.
  public let index: Int
  /// Width in pixels, if the file states it.
  public let width: Int?
  /// Height in pixels, if the file states it.
  public let height: Int?
  /// Whether boxes are in fractions of the image rather than in pixels, as in YOLO's files.
  public let isRelative: Bool
  /// What it shows.
  public let objects: [AnnotatedObject]
}

/// An object in an ``AnnotatedImage``.
public struct AnnotatedObject: Hashable, Sendable {
  /// The name of its class.
  public let label: String
  /// How sure the detector was, 0 to 1; `nil` in a data set.
  public let confidence: Double?
  /// Where it is.
  public let box: PixelRectangle
  /// Whether the box covers a crowd of objects that were not annotated one by one.
  public let isCrowd: Bool
}

extension PixelRectangle {
  init(_ box: PixelBox) {
    self.init(x: box.x, y: box.y, width: box.width, height: box.height)
  }
}

/// Runs `body` and turns what it throws into the library's error.
func annotationErrors<Result>(
  _ body: () throws(AnnotationError) -> Result
) throws(StreamDetectError) -> Result {
  do {
    return try body()
  } catch {
    throw .annotations(AnnotationFailure(error))
  }
}

/// Runs `body` and turns what it throws into the library's error.
func evaluationErrors<Result>(
  _ body: () throws(EvaluationError) -> Result
) throws(StreamDetectError) -> Result {
  do {
    return try body()
  } catch {
    throw .annotations(AnnotationFailure(error))
  }
}
