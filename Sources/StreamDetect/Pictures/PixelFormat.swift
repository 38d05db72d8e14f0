internal import Media

/// How the pixels of a picture lie in memory.
public enum PixelFormat: Hashable, Sendable, CaseIterable {
  /// Three bytes for each pixel: red, green, blue.
  case rgb
  /// Four bytes for each pixel: blue, green, red, and one that is ignored.
  case bgra
  /// Three planes, as cameras and decoders give them: luma, then the blue and the red difference at
  /// half the width and height, rounded up.
  case i420
  /// Two planes: luma, then pairs of blue and red difference at half the width and height, rounded
  /// up.
  case nv12

  var layout: FrameMemory.Layout {
    switch self {
    case .rgb: .rgb24
    case .bgra: .bgra
    case .i420: .yuv420p
    case .nv12: .nv12
    }
  }
}
