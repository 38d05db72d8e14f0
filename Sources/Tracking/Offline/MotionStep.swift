internal import Geometry

/// What is known of an object in one frame.
struct MotionStep: Sendable {
  /// Seconds.
  var time: Double
  /// The size of the frame.
  var size: FrameSize?
  /// How far the camera has moved the picture since the first frame.
  var shift: CameraMotion
  /// Where the object was seen, if it was.
  var box: PixelBox?
}

/// An observation that belongs to a path.
struct Sighting: Sendable {
  /// The number of its frame, from 0.
  var frame: Int
  /// Its place among the observations of the frame.
  var index: Int
  var observation: BoxObservation
  var step: MotionStep

  var time: Double { step.time }
}

/// A frame that waits to be finished, or that was finished lately.
struct WaitingFrame: Sendable {
  /// Its number, from 0.
  var number: Int
  /// Its time, size and shift; without a box.
  var step: MotionStep

  var time: Double { step.time }
}
