import CFFmpeg

extension VideoReader {
  /// Notes why the source broke off.
  func noteEnd(_ cause: FFmpegError) {
    truncationReason = "The source broke off: \(cause.reason)."
    let error = MediaError(cause, source: "")
    isTransient = error.isTransient && (location.scheme != nil || error.code == .outOfResources)
  }

  /// A still picture is one frame, whatever else the file holds.
  func finishPicture() {
    if let shortfall = fileShortfall() {
      truncationReason = "The file is cut off: \(shortfall)."
    } else if truncationReason == nil, watch.reports.isCutShort {
      truncationReason = "A part of the picture is missing: its data ends before it does."
    }
    state = .finished
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
      holes = watch.missingPart(of: demuxer, at: location, info.kind, isRest: hasRepetition)
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

  /// What shows that the source ended early although FFmpeg reported a normal end, or `nil`.
  private func shortfall() -> String? {
    if let refusal = demuxer.opener.refusal {
      return "it names \"\(refusal.target)\", which it may not open"
    }
    if lastPacketWasCut { return "its last video packet is incomplete" }
    if let found = fileShortfall() { return found }
    if watch.reports.endsEarly { return "it ends within something that it gives the length of" }
    if let found = demuxer.indexShortfall(ofStream: videoIndex) { return found }
    return watch.endsInFrame ? "its last frame is incomplete" : nil
  }
}
