import CFFmpeg

/// Notices when the headers of a codec change in the middle of a stream: the parameter sets of
/// H.264 and HEVC, AV1's sequence header.
///
/// A file describes its video once, so what follows a change goes into another one. Cameras send
/// their parameter sets before each keyframe; most containers of files have them outside of the
/// packets, where they can't change.
///
/// Wraps the `extract_extradata` filter, `AVBSFContext`.
@safe
final class HeaderWatch {
  private var filter: UnsafeMutablePointer<AVBSFContext>?
  private let packet: PacketBuffer
  /// The headers that were found last.
  private var found: [UInt8]?

  /// Returns `nil` for video that has no headers in its packets.
  init?(_ video: VideoParameters) {
    let codec = unsafe video.raw.pointee.codec_id
    guard [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1].contains(codec),
      // Lengths instead of start codes: then the container has the headers.
      codec == AV_CODEC_ID_AV1 || video.header.first != 1,
      let type = unsafe av_bsf_get_by_name("extract_extradata"), let buffer = try? PacketBuffer()
    else { return nil }
    packet = buffer
    guard unsafe av_bsf_alloc(type, &filter) >= 0, let filter = unsafe filter,
      unsafe avcodec_parameters_copy(filter.pointee.par_in, video.raw) >= 0,
      unsafe av_bsf_init(filter) >= 0
    else { return nil }
  }

  deinit { unsafe av_bsf_free(&filter) }

  /// The headers in a keyframe, if there are others than in the last one that had any.
  func change(in keyframe: borrowing PacketBuffer) -> [UInt8]? {
    guard let filter = unsafe filter, unsafe av_packet_ref(packet.raw, keyframe.raw) >= 0,
      unsafe av_bsf_send_packet(filter, packet.raw) >= 0
    else {
      packet.clear()
      return nil
    }
    var header: [UInt8] = []
    while unsafe av_bsf_receive_packet(filter, packet.raw) >= 0 {
      header += newHeader
      packet.clear()
    }
    guard !header.isEmpty, header != found else { return nil }
    found = header
    return header
  }

  private var newHeader: [UInt8] {
    let raw = unsafe packet.raw
    for index in unsafe 0..<max(0, Int(raw.pointee.side_data_elems)) {
      let data = unsafe raw.pointee.side_data[index]
      guard unsafe data.type == AV_PKT_DATA_NEW_EXTRADATA else { continue }
      return unsafe Array(UnsafeBufferPointer(start: data.data, count: Int(data.size)))
    }
    return []
  }
}
