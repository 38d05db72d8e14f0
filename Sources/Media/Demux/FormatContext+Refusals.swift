import CFFmpeg

extension FormatContext {
  /// Refuses a picture file that FFmpeg can't read, before FFmpeg finds only damage in it.
  static func refusePicture(_ opening: Opening) throws(MediaError) {
    guard case .picture(let path, _) = opening.location,
      let file = ByteFile(path: path, interrupt: opening.interrupt)
    else { return }
    if TIFFDirectory.isBig(file.bytes(at: 0, count: 4)) {
      throw .unsupported(
        picture: "a TIFF file with 64-bit offsets (BigTIFF)", remedy: PictureRemedy.tiff,
        source: opening.source)
    }
    guard !PictureSupport.readsHEIF, let picture = HEIFPicture(file), !picture.isPlainAVIF(file)
    else { return }
    throw .unsupported(
      picture: picture.type == "grid" ? "a HEIF picture made of tiles" : "a HEIF picture (HEIC)",
      remedy: PictureRemedy.heic, source: opening.source)
  }

  /// The error for a whole HEIF file that FFmpeg takes for damaged, as some of several pictures.
  static func unreadHEIF(_ opening: Opening) -> MediaError? {
    guard case .picture(let path, _) = opening.location,
      let file = ByteFile(path: path, interrupt: opening.interrupt), HEIFPicture(file) != nil,
      case .some(.none) = try? ContainerExtent.shortfall(
        ofFile: path, interrupt: opening.interrupt)
    else { return nil }
    return .unsupported(
      picture: "a HEIF picture stored in an unusual way", remedy: PictureRemedy.convertHEIC,
      source: opening.source)
  }

  /// Refuses a picture whose size FFmpeg refused in the analysis, and so doesn't know.
  func refuseSize(_ messages: [String], _ limit: PixelLimit) throws(MediaError) {
    guard let size = messages.lazy.compactMap(PixelLimit.refusedSize).first else { return }
    for index in 0..<streamCount {
      guard let parameters = unsafe stream(index)?.pointee.codecpar else { continue }
      if unsafe parameters.pointee.width > 0 { return }
    }
    try limit.check(width: size.width, height: size.height, source: source)
  }

  /// Refuses video that is encrypted as a whole, and a picture of which FFmpeg found another part.
  func refuseStreams(_ location: Location, _ options: InputOptions) throws(MediaError) {
    if let picture, PictureSupport.readsHEIF, tileGrid == nil,
      !(0..<streamCount).contains(where: { isItem(picture.item, stream: $0) })
    {
      throw .unsupported(
        picture: "a HEIF picture of the type '\(picture.type)'", remedy: PictureRemedy.convertHEIC,
        source: source)
    }
    if let scheme = encryptionScheme(location, options) { throw .encrypted(scheme, source: source) }
  }

  /// Checks a packet, and notes on it how its picture is turned.
  ///
  /// - Returns: Whether the packet can be used; encrypted sound can't.
  /// - Throws: `MediaError` if its picture can't be decoded, though FFmpeg would try.
  func prepare(_ packet: borrowing PacketBuffer) throws(MediaError) -> Bool {
    let index = unsafe Int(packet.raw.pointee.stream_index)
    guard index >= 0, index < streamCount,
      let parameters = unsafe stream(index)?.pointee.codecpar
    else { return true }
    if let scheme = Encryption.scheme(of: packet) {
      guard isVideo(index) else { return false }
      throw .encrypted(scheme, source: source)
    }
    guard let format = unsafe PictureBytes.Format(parameters.pointee.codec_id) else { return true }
    let picture = PictureBytes(PacketBytes(packet), format: format)
    if let refusal = picture.refusal {
      throw .unsupported(picture: refusal.kind, remedy: refusal.remedy, source: source)
    }
    if let orientation = picture.orientation { packet.attach(orientation) }
    return true
  }

  /// Whether the stream at `index` has pictures.
  func isVideo(_ index: Int) -> Bool {
    guard let parameters = unsafe stream(index)?.pointee.codecpar else { return false }
    return unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO
  }

  private func isItem(_ item: Int, stream index: Int) -> Bool {
    guard let stream = unsafe stream(index) else { return false }
    return unsafe Int(stream.pointee.id) == item
  }
}

extension FormatContext {
  /// What a HEIF or AVIF file says about its picture; `nil` for anything else.
  ///
  /// Read from the source itself, whose position is restored.
  func readPicture(_ location: Location) -> HEIFPicture? {
    guard formatName.hasPrefix("mov") else { return nil }
    if let path = location.path { return byteFile(path).flatMap { HEIFPicture($0) } }
    // Videos have a duration; looking at their beginning again would cost a request.
    guard unsafe raw.pointee.duration <= 0, let io = unsafe raw.pointee.pb else { return nil }
    let position = unsafe avio_tell(io)
    // What a pipe has sent is still there as long as the buffer isn't full.
    guard unsafe io.pointee.seekable != 0 || position < 1 << 15 else { return nil }
    let picture = unsafe HEIFPicture(IOBytes(io))
    unsafe avio_seek(io, position, SEEK_SET)
    return picture
  }
}

extension HEIFPicture {
  /// Whether it is one AV1 picture in a file that calls itself AVIF, which FFmpeg reads since 5.1.
  fileprivate func isPlainAVIF(_ file: ByteFile) -> Bool {
    type == "av01" && file.bytes(at: 8, count: 4).elementsEqual("avif".utf8)
  }
}

extension PacketBuffer {
  /// Notes on the packet how its picture is turned; the decoder passes that on to the frame.
  fileprivate func attach(_ orientation: Orientation) {
    guard
      let data = unsafe av_packet_new_side_data(raw, AV_PKT_DATA_DISPLAYMATRIX, 36)
    else { return }
    unsafe orientation.matrix.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawPointer(data).copyMemory(
        from: bytes.baseAddress ?? UnsafeRawPointer(data), byteCount: 36)
    }
  }
}
