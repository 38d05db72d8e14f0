import CFFmpeg

extension VideoReader {
  /// Notes why the source broke off.
  func noteEnd(_ cause: FFmpegError) {
    let cause = demuxer.actual(cause)
    let isDamage = cause.code == SD_AVERROR_INVALIDDATA
    let reason = isDamage ? "what follows is damaged" : cause.reason
    truncationReason = "The source broke off: \(reason)."
    let error = MediaError(cause, source: "")
    isTransient = error.isTransient && (location.scheme != nil || error.code == .outOfResources)
  }

  /// Counts an error of the decoder.
  func noteError() {
    counts.errors += 1
    choosing?.noteDamage()
    watch.noteUndecoded(counts.packets)
  }

  /// A still picture is one frame, whatever else the file holds; `isCorrupt` if the decoder
  /// complained.
  func finishPicture(_ picture: UnsafePointer<AVFrame>, isCorrupt: Bool) {
    if let shortfall = fileShortfall() {
      truncationReason = "The file is cut off: \(shortfall)."
    } else if truncationReason == nil, watch.reports.isCutShort {
      truncationReason = "A part of the picture is missing: its data ends before it does."
    }
    state = .finished
    guard truncationReason == nil else { return }
    if isCorrupt {
      holes = Shortfall(.gaps, "A part of the picture is damaged: it could not be decoded whole.")
    } else if let stream = unsafe demuxer.stream(videoIndex),
      unsafe early.readsBeyondEnd(picture, of: stream, source: demuxer.source)
    {
      truncationReason = "A part of the picture is missing: its data ends before it does."
    }
  }

  /// Whether some of what came was given out over an earlier connection.
  private var hasRepetition: Bool { live?.packets.hasRepetition == true }

  /// Checks that a source without anything new is over.
  func checkRepetition() throws(MediaError) {
    guard live != nil, info.duration == nil else { return }
    throw demuxer.failure(FFmpegError(code: SD_AVERROR_EOF, call: "av_read_frame"))
  }

  func finish() throws(MediaError) {
    state = .finished
    if info.kind == .file, truncationReason == nil, let shortfall = shortfall() {
      truncationReason = "The source is cut off: \(shortfall)."
    }
    if truncationReason == nil {
      holes =
        watch.missingPart(of: demuxer, at: location, info.kind, isRest: hasRepetition)
        ?? missingSamples()
    }
    guard counts.frames == 0, !hasRepetition else { return }
    defer { truncationReason = nil }
    if let stream = unsafe demuxer.stream(videoIndex) {
      try unsafe early.checkSize(in: stream, source: demuxer.source)
    }
    // FFmpeg takes a picture's suffix for its format, whatever is in it.
    let head = location.path.flatMap(demuxer.byteFile)?.bytes(at: 0, count: ForeignFormat.headSize)
    if let head, let other = ForeignFormat(head, isPipe: false) {
      throw other.error(source: demuxer.source)
    }
    throw counts.nothingDecoded(truncationReason, source: demuxer.source, info.kind)
  }

  /// What shows that the source, a file, ends too early; notes why that couldn't be checked.
  private func fileShortfall() -> String? {
    guard let path = location.path else { return nil }
    do throws(FFmpegError) {
      return try demuxer.shortfall(ofFile: path)
    } catch {
      let reason =
        error.code == SD_AVERROR_EXIT
        ? "The drive did not answer in time." : MediaError(error, source: "").message
      truncationReason = "Whether it is complete could not be checked: \(reason)"
      isTransient = true
      return nil
    }
  }

  /// The frames that the fragments of an MP4 file declare and that didn't come.
  private func missingSamples() -> Shortfall? {
    guard info.kind == .file, demuxer.formatName.hasPrefix("mov"), let path = location.path,
      let stream = unsafe demuxer.stream(videoIndex), let file = demuxer.byteFile(path),
      let declared = FragmentSamples(ofTrack: Int(unsafe stream.pointee.id), in: file),
      declared.count > watch.packets - watch.discarded
    else { return nil }
    let place = declared.second.map { "; another file begins at its byte \($0)" } ?? ""
    let missing = declared.count - watch.packets + watch.discarded
    return Shortfall(.gaps, "\(missing) of its \(declared.count) frames are missing\(place).")
  }

  /// What shows that a second Matroska file isn't read, since its tracks are others.
  private func unreadSegment() -> String? {
    guard demuxer.formatName.hasPrefix("matroska"), let path = location.path,
      let file = demuxer.byteFile(path), let second = FollowingFile.segment(file),
      watch.lastPosition < second || !FollowingFile.haveSameCodec(file, second)
    else { return nil }
    return FollowingFile.text(at: second, of: file)
  }

  /// What shows that the source ended early although FFmpeg reported a normal end, or `nil`.
  private func shortfall() -> String? {
    if let refusal = demuxer.opener.refusal {
      return "it names \"\(refusal.target)\", which it may not open"
    }
    if lastPacketWasCut { return "its last video packet is incomplete" }
    if let found = fileShortfall() { return found }
    if watch.reports.endsEarly { return "it ends within something that it gives the length of" }
    if let found = unreadSegment() { return found }
    if let found = demuxer.indexShortfall(ofStream: videoIndex) { return found }
    return watch.endsInFrame ? "its last frame is incomplete" : nil
  }
}
