import CFFmpeg

/// Limits for the decoders with which FFmpeg examines streams, one dictionary for each stream.
@safe
final class DecoderLimits {
  let raw: UnsafeMutableBufferPointer<OpaquePointer?>

  init(streams: Int, maxPixels: Int) {
    unsafe raw = .allocate(capacity: max(streams, 1))
    unsafe raw.initialize(repeating: nil)
    for index in unsafe raw.indices {
      unsafe av_dict_set_int(&raw[index], "max_pixels", Int64(maxPixels), 0)
    }
  }

  deinit {
    for index in unsafe raw.indices { unsafe av_dict_free(&raw[index]) }
    unsafe raw.deallocate()
  }
}
