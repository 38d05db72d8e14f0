package import SSDLite

/// An object as it is drawn.
package struct DrawnObject {
  package var detection: Detection
  package var label: String
  /// The number of its track, if it has one.
  package var track: Int?

  package init(detection: Detection, label: String, track: Int? = nil) {
    self.detection = detection
    self.label = label
    self.track = track
  }
}
