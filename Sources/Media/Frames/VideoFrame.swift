package import CFFmpeg

/// A decoded picture with its place and its time.
///
/// Wraps `AVFrame`.
@safe
public final class VideoFrame: @unchecked Sendable {
  // Sendable because only the decoding thread changes the frame, by `move`, before it hands the frame
  // on; its buffers are reference-counted.
  package let raw: UnsafeMutablePointer<AVFrame>
  package let orientation: Orientation

  /// The place in presentation order, from 0, among all frames of the source.
  public private(set) var index: Int
  /// The time stamp as the container and the decoder give it, in ticks of `timeBase`.
  public let pts: Int64?
  /// `pts`, repaired where it is missing or jumps back; rises from frame to frame.
  public let presentationTime: PresentationTime
  /// Seconds from the source's first frame; rises from frame to frame.
  public private(set) var t: Double
  /// How long the frame is shown, in seconds, if known.
  public let duration: Double?
  /// Whether the decoder or the demuxer found damage in it; parts may be guessed.
  public let isCorrupt: Bool

  /// What a reader knows about a frame besides its picture.
  struct Attributes {
    var index: Int
    var pts: Int64?
    var presentationTime: PresentationTime
    var t: Double
    var duration: Double?
    var isCorrupt = false
    var orientation: Orientation
  }

  /// Takes over `raw` and frees it in the end.
  init(owning raw: UnsafeMutablePointer<AVFrame>, _ attributes: Attributes) {
    unsafe self.raw = raw
    orientation = attributes.orientation
    index = attributes.index
    pts = attributes.pts
    presentationTime = attributes.presentationTime
    t = attributes.t
    duration = attributes.duration
    isCorrupt = attributes.isCorrupt
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
  /// The tick of `pts`.
  public var timeBase: TimeBase { presentationTime.timeBase }

  /// The width of the picture as stored, in pixels, before rotation.
  public var codedWidth: Int { unsafe Int(raw.pointee.width) }
  /// The height of the picture as stored, in pixels, before rotation.
  public var codedHeight: Int { unsafe Int(raw.pointee.height) }
  /// The width of the picture as shown, in pixels; pixels that are not square stay as they are.
  public var width: Int { orientation.displayed(width: codedWidth, height: codedHeight).width }
  /// The height of the picture as shown, in pixels; pixels that are not square stay as they are.
  public var height: Int { orientation.displayed(width: codedWidth, height: codedHeight).height }
  /// Degrees clockwise that the stored picture is turned to be shown: 0, 90, 180 or 270.
  public var rotation: Int { orientation.degrees }
  /// Whether the shown picture is a mirror image of the stored one.
  public var isMirrored: Bool { orientation.isMirrored }

  /// Whether decoding can start at this frame.
  public var isKeyframe: Bool { unsafe sd_frame_is_key(raw) != 0 }

  /// The name of the pixel format, such as `yuv420p`.
  public var pixelFormat: String {
    pixelFormatName(unsafe AVPixelFormat(raw.pointee.format))
  }
}

/// FFmpeg's name of a pixel format, or `none`.
package func pixelFormatName(_ format: AVPixelFormat) -> String {
  guard let name = unsafe av_get_pix_fmt_name(format) else { return "none" }
  return unsafe String(cString: name)
}
