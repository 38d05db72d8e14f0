internal import Geometry

/// A source of the results that are exported.
struct ExportedSource {
  /// Its name in the results.
  var name: String
  /// The same as a relative path without the suffix of a file; no two sources share one.
  var stem: String
  /// Whether it is a single picture.
  var isPicture: Bool
  /// Width of its frames in pixels, if the results say so.
  var width: Int?
  /// Height of its frames in pixels, if the results say so.
  var height: Int?
  /// Frames a second, if the results say so.
  var rate: Double?
  /// How many frames it has, if the results say so.
  var frameCount: Int?
  /// Why it could not be read.
  var failure: String?

  /// Width and height, if both are known.
  var size: (width: Int, height: Int)? {
    guard let width, let height else { return nil }
    return (width, height)
  }
}

/// A frame of the results that are exported.
struct ExportedFrame {
  /// Its source.
  var source: ExportedSource
  /// The path of its picture in the data set: that of the source, or one with the frame's number.
  var picture: String
  /// The objects, and what is known of the frame.
  var record: FrameRecord
  /// The numbers of the objects' classes, from 1.
  var classes: [Int]

  /// Width in pixels, if known.
  var width: Int? { record.width ?? source.width }
  /// Height in pixels, if known.
  var height: Int? { record.height ?? source.height }

  /// Width and height.
  ///
  /// - Throws: `AnnotationError` if the results don't say.
  func size(for format: String) throws(AnnotationError) -> (width: Int, height: Int) {
    guard let width, let height else {
      throw AnnotationError(
        path: record.source, message: "Frame \(record.index) has no 'width' and 'height'.",
        remedy: "The format '\(format)' has boxes in fractions of the frame, so it needs them.")
    }
    return (width, height)
  }

  /// `picture` without the suffix of a file.
  var stem: String {
    source.isPicture ? source.stem : String(picture.dropLast(".jpg".count))
  }

  /// Seconds from the first frame: what the results say, or what follows from the frame's number.
  var seconds: Double { record.t ?? Double(record.index) / (source.rate ?? 25) }
}

/// Writes frames in the format of another program.
protocol FrameExporter {
  /// Takes in a frame; those of a source come in their order.
  mutating func add(_ frame: ExportedFrame) throws
  /// Says that a source has no further frames; it may have had none. `classes` has all that occur
  /// in it.
  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws
  /// Completes the files; all sources have ended.
  mutating func finish(_ classes: ClassTable) throws
  /// Removes what was written, as far as it has no name yet.
  func discard()
}

extension FrameExporter {
  mutating func end(_ source: ExportedSource, _ classes: ClassTable) {}

  func discard() {}
}
