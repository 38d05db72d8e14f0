@testable import Media

extension StreamInfo {
  /// The information of a fake source.
  static func fake(frames: Int, duration: Double?) -> StreamInfo {
    StreamInfo(
      kind: .file, width: 640, height: 480, codedWidth: 640, codedHeight: 480, rotation: 0,
      codec: "fake", pixelFormat: "yuv420p", timeBase: TimeBase(1, 25), duration: duration,
      frameCountEstimate: frames, isHDR: false, colorSpace: "unknown", transfer: "unknown",
      primaries: "unknown", range: "unknown", hasAudio: false, formatName: "fake")
  }
}
