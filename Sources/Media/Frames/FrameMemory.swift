internal import CFFmpeg

/// A frame that is filled row by row from memory outside FFmpeg.
///
/// For one thread at a time.
@safe
package final class FrameMemory {
  /// How the samples of a picture lie in memory.
  package enum Layout: CaseIterable, Sendable {
    /// Red, green, blue; one plane.
    case rgb24
    /// Blue, green, red, alpha; one plane.
    case bgra
    /// 4:2:0 in three planes: luma, blue difference, red difference.
    case yuv420p
    /// 4:2:0 in two planes: luma, and both differences in turn.
    case nv12

    var pixelFormat: AVPixelFormat {
      switch self {
      case .rgb24: AV_PIX_FMT_RGB24
      case .bgra: AV_PIX_FMT_BGRA
      case .yuv420p: AV_PIX_FMT_YUV420P
      case .nv12: AV_PIX_FMT_NV12
      }
    }

    /// The size of each plane in bytes a row and rows, for a picture of this size in pixels.
    package func planes(width: Int, height: Int) -> [(rowBytes: Int, rows: Int)] {
      let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
      return switch self {
      case .rgb24: [(width * 3, height)]
      case .bgra: [(width * 4, height)]
      case .yuv420p: [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)]
      case .nv12: [(width, height), (halfWidth * 2, halfHeight)]
      }
    }
  }

  private let raw: UnsafeMutablePointer<AVFrame>
  private let planes: [(rowBytes: Int, rows: Int)]

  /// Whether FFmpeg can hold a picture of this size.
  package static func isPossible(width: Int, height: Int) -> Bool {
    guard let w = UInt32(exactly: width), let h = UInt32(exactly: height), w > 0, h > 0 else {
      return false
    }
    return av_image_check_size(w, h, 0, nil) >= 0
  }

  /// Allocates a frame whose samples are whatever was in its memory.
  ///
  /// `isFullRange` says whether the luma of a YUV layout uses 0...255 rather than 16...235.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  /// - Precondition: `isPossible(width:height:)`.
  package init(
    _ layout: Layout, width: Int, height: Int, isFullRange: Bool
  ) throws(MediaError) {
    precondition(Self.isPossible(width: width, height: height), "\(width) x \(height)")
    unsafe raw = try allocated(av_frame_alloc(), "av_frame_alloc", source: "memory")
    planes = layout.planes(width: width, height: height)
    unsafe raw.pointee.width = Int32(width)
    unsafe raw.pointee.height = Int32(height)
    unsafe raw.pointee.format = layout.pixelFormat.rawValue
    unsafe raw.pointee.color_range = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    try check(unsafe av_frame_get_buffer(raw, 0), "av_frame_get_buffer", source: "memory")
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&freeing)
  }

  /// Copies the rows of a plane that begin at `offset` and every `stride` bytes after it.
  ///
  /// - Precondition: The plane exists, and all of its rows lie inside `bytes`.
  package func fill(plane: Int, from bytes: RawSpan, offset: Int, stride: Int) {
    let (rowBytes, rows) = planes[plane]
    precondition(
      offset >= 0 && stride >= 0
        && offset + (rows - 1) * stride + rowBytes <= bytes.byteCount,
      "\(rows) rows of \(rowBytes) bytes, \(stride) apart, at \(offset) of \(bytes.byteCount)")
    let (data, lines) = unsafe (raw.pointee.data, raw.pointee.linesize)
    let targets = unsafe [data.0, data.1, data.2]
    let targetStrides = [lines.0, lines.1, lines.2]
    guard let target = unsafe targets[plane] else {
      preconditionFailure("FFmpeg allocated no plane \(plane)")
    }
    unsafe bytes.withUnsafeBytes { source in
      for row in 0..<rows {
        let line = unsafe UnsafeMutableRawBufferPointer(
          start: target + row * Int(targetStrides[plane]), count: rowBytes)
        let start = offset + row * stride
        unsafe line.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<start + rowBytes]))
      }
    }
  }

  /// The frame; what is filled in later changes frames that were made before.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  package func frame() throws(MediaError) -> VideoFrame {
    unsafe VideoFrame(
      still: try allocated(av_frame_clone(raw), "av_frame_clone", source: "memory"))
  }
}

extension VideoFrame {
  /// Takes over a frame that belongs to no video, and frees it in the end.
  convenience init(still raw: UnsafeMutablePointer<AVFrame>) {
    unsafe self.init(
      owning: raw,
      Attributes(
        index: 0, pts: nil,
        presentationTime: PresentationTime(pts: 0, timeBase: TimeBase(1, 1)),
        t: 0, duration: nil, orientation: .identity))
  }

  /// A frame that shares the memory of a picture; the picture copies it before the next drawing.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  package convenience init(_ picture: Picture) throws(MediaError) {
    let frame = try FrameBuffer()
    unsafe try picture.lend(
      to: frame.raw, width: Int32(picture.width), height: Int32(picture.height),
      pixelFormat: AV_PIX_FMT_YUV420P)
    unsafe self.init(still: try frame.handOver())
  }
}
