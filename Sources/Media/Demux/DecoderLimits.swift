import CFFmpeg

/// Limits for the decoders with which FFmpeg examines streams, one dictionary for each stream.
@safe
final class DecoderLimits {
  let raw: UnsafeMutableBufferPointer<OpaquePointer?>

  init(_ limits: [Int64]) {
    unsafe raw = .allocate(capacity: max(limits.count, 1))
    unsafe raw.initialize(repeating: nil)
    for (index, limit) in limits.enumerated() {
      unsafe av_dict_set_int(&raw[index], "max_pixels", limit, 0)
    }
  }

  deinit {
    for index in unsafe raw.indices { unsafe av_dict_free(&raw[index]) }
    unsafe raw.deallocate()
  }
}
