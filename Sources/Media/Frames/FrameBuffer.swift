import CFFmpeg

/// The frame that a decoder writes into until it is handed over.
///
/// Wraps `AVFrame`.
@safe
struct FrameBuffer: ~Copyable {
  let raw: UnsafeMutablePointer<AVFrame>

  init() throws(MediaError) { unsafe raw = try allocated(av_frame_alloc(), "av_frame_alloc") }

  deinit {
    var freeing: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&freeing)
  }

  /// Drops the picture.
  func clear() { unsafe av_frame_unref(raw) }

  /// Moves the picture into a new frame, which the caller must free; the buffer is empty again.
  func handOver() throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
    let frame = unsafe try allocated(av_frame_alloc(), "av_frame_alloc")
    unsafe av_frame_move_ref(frame, raw)
    return unsafe frame
  }
}
