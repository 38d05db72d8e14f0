/// What a packet tells about its picture before it is decoded.
struct CodedPicture: Hashable {
  /// Headers that hold for later pictures too: one that is passed over may be missed.
  struct Headers: OptionSet, Hashable {
    let rawValue: UInt8
    static let video = Headers(rawValue: 1)
    static let sequence = Headers(rawValue: 2)
    static let picture = Headers(rawValue: 4)
    static let tables = Headers(rawValue: 8)
    static let quantization = Headers(rawValue: 16)
  }

  /// Whether a decoder can start here: everything that is presented later is then as if it had
  /// started at the beginning.
  var isStart = false
  /// Whether pictures behind it, which are presented before it, may be decoded and not shown if a
  /// decoder starts here.
  var isOpen = false
  /// Whether a frame comes of it.
  var isShown = true
  var headers: Headers = []
  /// Whether it belongs to an upper temporal layer, which may refer to pictures below that nothing
  /// else refers to.
  var isLayered = false
}

/// Reads what packets of one codec tell about their pictures.
struct PictureParser {
  private enum Syntax {
    case h264(H264Pictures)
    case hevc(HEVCPictures)
    case mpegVideo
    case mpeg4
    case vp8
    case vp9
    case motionJPEG
    /// The container's mark of a keyframe is enough.
    case marked
    /// Every picture stands alone.
    case intra
  }

  private var syntax: Syntax

  /// Codecs with a picture in each packet, whose keyframes reset all that decoders carry over.
  private static let marked: Set<String> = [
    "av1", "theora", "flv1", "h263", "h263p", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "ffv1",
  ]
  private static let intra: Set<String> = [
    "prores", "dnxhd", "huffyuv", "ffvhuff", "utvideo", "rawvideo", "v210", "jpeg2000", "png",
    "magicyuv", "cfhd",
  ]

  /// A parser for `codec`, FFmpeg's name, with the header of its stream; `nil` if it isn't known
  /// what is a frame in its packets.
  init?(codec: String, header: [UInt8]) {
    switch codec {
    case "h264": syntax = .h264(H264Pictures(header: header))
    case "hevc": syntax = .hevc(HEVCPictures(header: header))
    case "mpeg1video", "mpeg2video": syntax = .mpegVideo
    case "mpeg4": syntax = .mpeg4
    case "vp8": syntax = .vp8
    case "vp9": syntax = .vp9
    case "mjpeg": syntax = .motionJPEG
    case _ where Self.marked.contains(codec): syntax = .marked
    case _ where Self.intra.contains(codec): syntax = .intra
    default: return nil
    }
  }

  /// What a packet tells, whose container marks it as a keyframe or not; `nil` if it isn't known
  /// what comes of it.
  mutating func picture(in packet: some ByteSource, isKeyframe: Bool) -> CodedPicture? {
    switch syntax {
    case .h264(var pictures):
      defer { syntax = .h264(pictures) }
      return pictures.picture(in: packet)
    case .hevc(let pictures): return pictures.picture(in: packet)
    case .mpegVideo: return MPEGPictures.mpegVideo(packet)
    case .mpeg4: return MPEGPictures.mpeg4(packet)
    case .vp8: return VPXPictures.vp8(packet)
    case .vp9: return VPXPictures.vp9(packet)
    case .motionJPEG: return MPEGPictures.motionJPEG(packet)
    case .marked: return CodedPicture(isStart: isKeyframe)
    case .intra: return CodedPicture(isStart: true)
    }
  }

  /// Whether the decoder knows, from each packet alone, the pictures that no other refers to, and
  /// nothing of them is carried over.
  var hasFreePictures: Bool {
    switch syntax {
    case .h264, .hevc, .mpegVideo, .mpeg4: true
    case .vp8, .vp9, .motionJPEG, .marked, .intra: false
    }
  }
}
