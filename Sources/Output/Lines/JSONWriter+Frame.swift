internal import Geometry
internal import Foundation
internal import Pipeline
internal import SSDLite

extension JSONWriter {
  /// Writes the line of a frame.
  mutating func write(_ result: FrameResult, labels: [String]) {
    beginObject()
    field("type", "frame")
    field("source", result.source)
    field("frame", result.index)
    field("pts", result.pts.map { Int($0) })
    field("t", result.t, decimals: 6)
    if let wall = result.wall {
      field("wall", timestamp(secondsSince1970: wall.timeIntervalSince1970))
    }
    field("width", result.width)
    field("height", result.height)
    if result.isCorrupt {
      key("flags")
      beginArray()
      string("corrupt")
      endArray()
    }
    key("objects")
    beginArray()
    for detection in result.detections {
      write(detection, labels: labels, width: result.width, height: result.height)
    }
    endArray()
    endObject()
  }

  private mutating func write(_ detection: Detection, labels: [String], width: Int, height: Int) {
    beginObject()
    field("label", label(of: detection.classID, in: labels))
    field("class_id", detection.classID)
    field("confidence", Double(detection.score), decimals: 4)
    // Both corners are rounded, not corner and size, so that x + width stays inside the frame.
    let left = tenths(detection.box.xMin, of: width)
    let top = tenths(detection.box.yMin, of: height)
    let right = tenths(detection.box.xMax, of: width)
    let bottom = tenths(detection.box.yMax, of: height)
    key("bbox")
    beginArray()
    for value in [left, top, right - left, bottom - top] { fixed(value, decimals: 1) }
    endArray()
    endObject()
  }

  /// A fraction of `side` pixels, held inside of them, in tenths of a pixel.
  private func tenths(_ fraction: Float, of side: Int) -> Int {
    guard fraction > 0 else { return 0 }
    return Int((min(Double(fraction), 1) * Double(side) * 10).rounded())
  }
}

/// The name of a class; one that has none is called by its id.
func label(of classID: Int, in labels: [String]) -> String {
  labels.indices.contains(classID) ? labels[classID] : "class \(classID)"
}
