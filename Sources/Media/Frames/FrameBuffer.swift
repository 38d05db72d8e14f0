import CFFmpeg

/// The frame that a decoder writes into until it is handed over.
///
/// Wraps `AVFrame`.
@safe
struct FrameBuffer: ~Copyable {
  let raw: UnsafeMutablePointer<AVFrame>

  init() {
    guard let raw = unsafe av_frame_alloc() else { fatalError("av_frame_alloc: no memory") }
    unsafe self.raw = raw
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&freeing)
  }

  /// Moves the picture into a new frame, which the caller must free; the buffer is empty again.
  func handOver() -> UnsafeMutablePointer<AVFrame> {
    guard let frame = unsafe av_frame_alloc() else { fatalError("av_frame_alloc: no memory") }
    unsafe av_frame_move_ref(frame, raw)
    return unsafe frame
  }
}
