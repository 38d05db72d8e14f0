package import Support
import CFFmpeg
public import Logging

/// Writes pictures as a video, with the audio of their source.
///
/// The first picture is at time 0 and sets size, range and matrix. A file is written under a
/// temporary name beside its own, and renamed by `finish()`; after a failure, or without
/// `finish()`, it is left there. It can be played up to the last seconds, whenever writing ends:
/// MP4 and MOV are written in fragments, which `finish()` copies into a file with one index before
/// its data. Use it from one thread at a time.
public final class VideoWriter {
  /// The number of pictures written.
  public private(set) var frameCount = 0
  private let target: OutputTarget
  private let options: VideoWriterOptions
  private let choice: EncoderChoice
  private let logger: Logger
  private let muxer: Muxer
  private var track: VideoTrack?
  private var audio: AudioCopy?
  private var earlyAudio = EarlyAudio()
  private var failure: MediaError?
  private var isFinished = false

  /// Opens a video at a path, whose suffix selects the container, or at an address.
  ///
  /// - Throws: `MediaError`: "output_format" or "output_codec" if FFmpeg cannot write the container
  ///   or codec, "output_failed" if the file or connection cannot be opened, "output_in_use" if
  ///   another process writes the file.
  public convenience init(
    _ location: String, options: VideoWriterOptions,
    logger: Logger = Logger(label: "stream-detect.video-writer")
  ) throws(MediaError) {
    try self.init(location, file: nil, options: options, logger: logger)
  }

  /// Opens a video as the other initializer does; `file` has been made for it, if it isn't `nil`.
  package init(
    _ location: String, file: PartialFile?, options: VideoWriterOptions, logger: Logger
  ) throws(MediaError) {
    target = try OutputTarget(location, claimed: file)
    let rules = try ContainerRules(muxer: target.muxer, location: location)
    choice = try Self.chooseEncoder(options.codec, rules, location, logger)
    muxer = try Muxer(target, writeTimeout: options.writeTimeout)
    self.options = options
    self.logger = logger
  }

  /// The format that every picture must have if the first one is `first`.
  package func format(first: Picture) -> PictureFormat {
    track?.format ?? PictureFormat(of: first, asJPEG: choice.isJPEG)
  }

  /// Writes a picture to be displayed at `time`; times should increase from picture to picture.
  ///
  /// - Precondition: the picture has the format that `format(first:)` returns.
  /// - Throws: `MediaError` "output_failed", on this and every later call, if writing fails.
  public func write(_ picture: Picture, at time: PresentationTime) throws(MediaError) {
    try guarded { () throws(MediaError) in
      if track == nil { try start(with: picture, at: time) }
      try track?.write(picture, at: time, to: muxer)
      frameCount += 1
    }
  }

  /// Writes a packet of the audio stream in the options; does nothing if they have none.
  ///
  /// - Throws: `MediaError` "output_failed", as for a picture.
  public func write(audio packet: Packet) throws(MediaError) {
    guard options.audio != nil else { return }
    guard track != nil else { return earlyAudio.add(packet) }
    try guarded { () throws(MediaError) in try audio?.write(packet, to: muxer) }
  }

  /// Writes what the encoder holds back, closes the video and gives it its final name.
  ///
  /// If no picture was written, no file is left.
  ///
  /// - Throws: `MediaError` "output_failed" if that fails, or if writing has failed before.
  public func finish() throws(MediaError) {
    guard !isFinished else { return }
    guard track != nil else {
      isFinished = true
      target.file?.discard()
      return
    }
    try guarded { () throws(MediaError) in
      try track?.finish(to: muxer)
      try muxer.finish()
      noteRefusedAudio()
      if let file = target.file { try complete(file) }
    }
    isFinished = true
  }

  /// Removes what was written, instead of `finish()`.
  package func discard() {
    guard !isFinished else { return }
    isFinished = true
    target.file?.discard()
  }

  /// Gives the file its final name, or a copy with one index if it is in fragments.
  private func complete(_ file: PartialFile) throws(MediaError) {
    guard muxer.rules.needsIndex, let copy = indexedCopy(of: file) else { return try commit(file) }
    try commit(copy)
    file.discard()
  }

  /// A copy of a file of fragments that has one index; `nil` without room for it.
  private func indexedCopy(of file: PartialFile) -> PartialFile? {
    do throws(MediaError) {
      let copy = try makeCopy(of: file)
      do throws(MediaError) {
        try IndexedCopy.write(
          from: file.partialPath, to: copy.partialPath, muxer: muxer.rules.name)
        return copy
      } catch {
        copy.discard()
        throw error
      }
    } catch {
      logger.warning(
        "the video stays in fragments, which some editors don't read: \(error.message)",
        metadata: ["output": "\(redacted(target.location))"])
      return nil
    }
  }

  /// A second file that will have the same name; the first one keeps other writers away.
  private func makeCopy(of file: PartialFile) throws(MediaError) -> PartialFile {
    do { return try PartialFile(file.path, claims: false) } catch {
      throw MediaError(output: error)
    }
  }

  private func noteRefusedAudio() {
    guard let refusal = muxer.refusal else { return }
    logger.warning(
      "\(muxer.rules.name) cannot take \(muxer.refusedAudio) audio packets: \(refusal.reason)",
      metadata: ["output": "\(redacted(target.location))"])
  }

  private func commit(_ file: PartialFile) throws(MediaError) {
    do { try file.commit() } catch { throw MediaError(output: error) }
  }

  private func start(with picture: Picture, at time: PresentationTime) throws(MediaError) {
    let track = try VideoTrack(
      choice, options, first: picture, at: time, muxer: muxer, target: target)
    if let parameters = options.audio {
      if let reason = AudioTrial.refusal(of: parameters, by: muxer.rules) {
        logger.warning(
          "audio left out: \(muxer.rules.name) cannot hold this \(parameters.codec): \(reason)",
          metadata: ["output": "\(redacted(target.location))"])
      } else {
        let stream = try muxer.addAudio(parameters)
        audio = AudioCopy(parameters, stream: stream, origin: time)
      }
    }
    try muxer.writeHeader()
    self.track = track
    for packet in earlyAudio.take() { try audio?.write(packet, to: muxer) }
  }

  /// Remembers the first failure and throws it again on every later call.
  private func guarded(_ body: () throws(MediaError) -> Void) throws(MediaError) {
    if let failure { throw failure }
    do { try body() } catch {
      failure = error
      throw error
    }
  }

  private static func chooseEncoder(
    _ wanted: String?, _ rules: ContainerRules, _ location: String, _ logger: Logger
  ) throws(MediaError) -> EncoderChoice {
    let codec = wanted ?? (rules.takes(AV_CODEC_ID_H264) ? "h264" : "vp9")
    let choice: EncoderChoice
    do { choice = try EncoderChoice(codec: codec, location: location) } catch {
      // The default must work even if this FFmpeg has no H.264 encoder.
      guard codec == "h264" else { throw error }
      choice = try EncoderChoice(codec: "mpeg4", location: location)
      logger.warning("no H.264 encoder in this FFmpeg: writing MPEG-4 part 2 instead")
    }
    guard rules.takes(choice.codecID) else {
      throw MediaError(
        "output_codec", source: location,
        message: "The container \(rules.name) does not support \(choice.codec).",
        remedy: "Choose another --video-codec, or a file name that ends in .mkv.")
    }
    return choice
  }
}

extension AudioParameters {
  var codecID: AVCodecID { unsafe raw.pointee.codec_id }
}
