package import CFFmpeg

/// A decoded picture with its index and its time.
///
/// Wraps `AVFrame`.
@safe
public final class VideoFrame: @unchecked Sendable {
  // Sendable because only the decoding thread changes the frame, by `move`, before it hands the
  // frame on; its buffers are reference-counted.
  package let raw: UnsafeMutablePointer<AVFrame>
  package let orientation: Orientation

  /// The frame's index in presentation order, from 0, among all frames of the source.
  public private(set) var index: Int
  /// The timestamp from the container and the decoder, in ticks of `timeBase`.
  public let pts: Int64?
  /// `pts`, repaired if it is missing or jumps back; increases from frame to frame.
  public let presentationTime: PresentationTime
  /// Seconds from the source's first frame; increases from frame to frame.
  public private(set) var t: Double
  /// How long the frame is displayed, in seconds, if known.
  public let duration: Double?
  /// Whether the decoder or the demuxer found damage in it; parts of the picture may be guessed.
  public let isCorrupt: Bool
  /// When it was captured and when it arrived; live sources only.
  package let capture: CaptureTime?

  /// What a reader knows about a frame besides its picture.
  struct Attributes {
    var index: Int
    var pts: Int64?
    var presentationTime: PresentationTime
    var t: Double
    var duration: Double?
    var isCorrupt = false
    var capture: CaptureTime?
    var orientation: Orientation
  }

  /// Takes ownership of `raw`.
  init(owning raw: UnsafeMutablePointer<AVFrame>, _ attributes: Attributes) {
    unsafe self.raw = raw
    orientation = attributes.orientation
    index = attributes.index
    pts = attributes.pts
    presentationTime = attributes.presentationTime
    t = attributes.t
    duration = attributes.duration
    isCorrupt = attributes.isCorrupt
    capture = attributes.capture
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&freeing)
  }

  /// Gives the frame its place among all frames of a source that was opened several times; a reader
  /// counts from its own first frame.
  ///
  /// Only for the thread that has decoded the frame, before any other thread can see it.
  package func move(index: Int, t: Double) {
    self.index = index
    self.t = t
  }
}

extension VideoFrame {
  /// The time base of `pts`.
  public var timeBase: TimeBase { presentationTime.timeBase }

  /// The width of the picture as stored, in pixels, before rotation.
  public var codedWidth: Int { unsafe Int(raw.pointee.width) }
  /// The height of the picture as stored, in pixels, before rotation.
  public var codedHeight: Int { unsafe Int(raw.pointee.height) }
  /// The width of the picture as displayed, in pixels, without stretching non-square pixels.
  public var width: Int { orientation.displayed(width: codedWidth, height: codedHeight).width }
  /// The height of the picture as displayed, in pixels, without stretching non-square pixels.
  public var height: Int { orientation.displayed(width: codedWidth, height: codedHeight).height }
  /// The clockwise rotation of the stored picture for display, in degrees: 0, 90, 180 or 270.
  public var rotation: Int { orientation.degrees }
  /// Whether the displayed picture is a mirror image of the stored one.
  public var isMirrored: Bool { orientation.isMirrored }

  /// Bytes of memory that the picture holds.
  package var byteCount: Int {
    let buffers = unsafe [
      raw.pointee.buf.0, raw.pointee.buf.1, raw.pointee.buf.2, raw.pointee.buf.3,
    ]
    return unsafe buffers.reduce(0) { sum, buffer in
      guard let buffer = unsafe buffer else { return sum }
      return unsafe sum + Int(buffer.pointee.size)
    }
  }

  /// Whether decoding can start at this frame.
  public var isKeyframe: Bool { unsafe sd_frame_is_key(raw) != 0 }

  /// The name of the pixel format, such as `yuv420p`.
  public var pixelFormat: String {
    pixelFormatName(unsafe AVPixelFormat(raw.pointee.format))
  }
}

/// FFmpeg's name for a pixel format, or `none`.
package func pixelFormatName(_ format: AVPixelFormat) -> String {
  guard let name = unsafe av_get_pix_fmt_name(format) else { return "none" }
  return unsafe String(cString: name)
}
