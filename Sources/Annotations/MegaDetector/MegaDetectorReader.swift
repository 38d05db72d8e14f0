internal import Foundation
internal import Geometry

/// Reads MegaDetector's results, for pictures and for videos.
///
/// Boxes are fractions of pictures whose size the file rarely has, so somebody has to know it.
struct MegaDetectorReader {
  private struct File: Decodable {
    var images: [Entry]
    var detection_categories: [String: String]
  }

  private struct Entry: Decodable {
    var file: String
    var detections: [Detection]?
    var width: Double?
    var height: Double?
    var frame_rate: Double?
    var frames_processed: [Int]?
  }

  private struct Detection: Decodable {
    var category: String
    var conf: Double
    var bbox: [Double]
    var frame_number: Int?
  }

  let path: String
  /// The size of the picture or video with this name.
  let size: (String) -> (width: Int, height: Int)?

  /// The frames in `data`.
  func read(_ data: Data) throws(AnnotationError) -> [FrameRecord] {
    let file = try JSONFile.decode(
      File.self, from: data, path: path, remedy: "Give a JSON file of MegaDetector.")
    var frames: [FrameRecord] = []
    for (place, entry) in file.images.enumerated() {
      // What could not be read has no list.
      guard let detections = entry.detections else { continue }
      let known = PixelBox.side(entry.width).flatMap { width in
        PixelBox.side(entry.height).map { (width, $0) }
      }
      guard let size = known ?? self.size(entry.file) else {
        throw AnnotationError(
          path: "\(path): images[\(place)]",
          message: "The size of '\(entry.file)' is not known, and its boxes are fractions of it.",
          remedy: "Name the folder of the pictures with --images DIR.")
      }
      var objects: [Int: [ObjectRecord]] = [:]
      for number in entry.frames_processed ?? (entry.frame_rate == nil ? [0] : []) {
        objects[max(number, 0)] = []
      }
      for detection in detections {
        let object = try object(
          detection, size, labels: file.detection_categories, "images[\(place)]")
        objects[max(detection.frame_number ?? 0, 0), default: []].append(object)
      }
      for (index, found) in objects.sorted(by: { $0.key < $1.key }) {
        let rate = entry.frame_rate.flatMap { $0 > 0 ? $0 : nil }
        frames.append(
          FrameRecord(
            source: entry.file, index: index, t: rate.map { Double(index) / $0 },
            width: size.0, height: size.1, objects: found))
      }
    }
    return frames
  }

  private func object(
    _ detection: Detection, _ size: (width: Int, height: Int), labels: [String: String],
    _ place: String
  ) throws(AnnotationError) -> ObjectRecord {
    guard detection.bbox.allSatisfy({ (-0.5...1.5).contains($0) }),
      let box = PixelBox(detection.bbox), detection.conf.isFinite
    else {
      throw AnnotationError(
        path: "\(path): \(place)", message: "A detection has no usable 'bbox' or 'conf'.",
        remedy: "Write [x, y, width, height] in fractions of the picture.")
    }
    return ObjectRecord(
      label: labels[detection.category] ?? "class \(detection.category)",
      confidence: min(max(detection.conf, 0), 1),
      box: box.scaled(x: Double(size.width), y: Double(size.height)))
  }
}
