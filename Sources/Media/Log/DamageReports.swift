import CFFmpeg
import Foundation
import Support

/// The damage that FFmpeg reports while one source is read.
///
/// Demuxers skip what they can't read, and many decoders hide what they can't decode, without
/// a trace in their results. Only their messages tell.
final class DamageReports: Sendable {
  private struct State {
    var skipped = 0
    var lostFragments = 0
    var endsEarly = false
    var packets: Set<Int> = []
    var complaints: Set<Int> = []
    var lackingReferences: Set<Int> = []
    var isCutShort = false
  }

  private let state = Locked(State())
  /// Tells the messages of this source's decoder from those of others.
  private let token: Int

  /// More damaged packets than this wait for their frames only if most give none.
  private static let mostPackets = 10_000

  init() {
    token = registry.withLock { registry in
      registry.lastToken = registry.lastToken % Int(UInt32.max / 2) + 1
      return registry.lastToken
    }
    registry.withLock { $0.decoders[token] = WeakReports(self) }
  }

  deinit {
    let token = token
    registry.withLock { $0.decoders[token] = nil }
  }

  /// Makes the demuxer's messages on this thread those of this source, until `endListening()`.
  func beginListening() {
    let thread = currentThread()
    registry.withLock { $0.threads[thread] = WeakReports(self) }
  }

  /// Ends `beginListening()`.
  func endListening() {
    let thread = currentThread()
    registry.withLock { $0.threads[thread] = nil }
  }

  /// What marks messages about a packet as such, in whatever thread it is decoded.
  func mark(ofPacket number: Int) -> UnsafeMutableRawPointer? {
    unsafe UnsafeMutableRawPointer(bitPattern: token << 32 | number & 0xFFFF_FFFF)
  }

  /// Whether the demuxer has skipped something since the last call.
  func takeSkipped() -> Bool {
    state.withLock { state in
      defer { state.skipped = 0 }
      return state.skipped > 0
    }
  }

  /// Whether the decoder complained about a packet; forgets it.
  func takeDamage(ofPacket number: Int) -> Bool {
    state.withLock { $0.packets.remove(number) != nil }
  }

  /// Whether the decoder said anything that may be about damage in a packet; forgets it.
  ///
  /// Unlike `takeDamage`, also of decoders that mark damaged frames: with several threads, a frame
  /// may be given out before it is marked.
  func takeComplaint(ofPacket number: Int) -> Bool {
    state.withLock { $0.complaints.remove(number) != nil }
  }

  /// Whether a packet up to `number` refers to a frame that never came; forgets it.
  ///
  /// The decoder may give no frame for such a packet.
  func takeMissingReference(upToPacket number: Int) -> Bool {
    state.withLock { state in
      let all = state.lackingReferences
      state.lackingReferences = all.filter { $0 > number }
      return state.lackingReferences.count < all.count
    }
  }

  /// Whether the data of a picture ended before the picture did.
  var isCutShort: Bool { state.withLock { $0.isCutShort } }

  /// How many fragments of a presentation could not be opened, of any of its streams.
  var lostFragments: Int { state.withLock { $0.lostFragments } }

  /// Whether the file ended within something that has a length.
  var endsEarly: Bool { state.withLock { $0.endsEarly } }

  fileprivate func noteLostFragment() {
    state.withLock { state in
      state.skipped += 1
      state.lostFragments += 1
    }
  }

  fileprivate func noteEarlyEnd() { state.withLock { $0.endsEarly = true } }

  fileprivate func noteSkipped() { state.withLock { $0.skipped += 1 } }

  fileprivate func noteMissingReference(ofPacket number: Int) {
    state.withLock { state in
      if state.lackingReferences.count >= Self.mostPackets { state.lackingReferences.removeAll() }
      state.lackingReferences.insert(number)
    }
  }

  fileprivate func noteComplaint(ofPacket number: Int) {
    state.withLock { state in
      if state.complaints.count >= Self.mostPackets { state.complaints.removeAll() }
      state.complaints.insert(number)
    }
  }

  fileprivate func noteDamage(ofPacket number: Int, isCutShort: Bool) {
    state.withLock { state in
      if state.packets.count >= Self.mostPackets { state.packets.removeAll() }
      state.packets.insert(number)
      state.isCutShort = state.isCutShort || isCutShort
    }
  }
}

private struct WeakReports: @unchecked Sendable {
  // Sendable because a weak reference to a Sendable object is only read after it was made.
  private(set) weak var reports: DamageReports?

  init(_ reports: DamageReports) { self.reports = reports }
}

private struct Registry {
  var lastToken = 0
  var decoders: [Int: WeakReports] = [:]
  var threads: [UInt: WeakReports] = [:]
}

private let registry = Locked(Registry())

/// Takes what concerns damage from FFmpeg's messages.
enum DamageLog {
  /// Notes a message of the object at `context`.
  static func note(
    _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>?
  ) {
    guard let context = unsafe context, let format = unsafe format,
      unsafe level <= AV_LOG_WARNING || begins(format, missingInH264)
        || begins(format, lostPieces),
      let place = unsafe context.assumingMemoryBound(to: UnsafePointer<AVClass>?.self).pointee,
      let name = unsafe place.pointee.class_name
    else { return }
    switch unsafe String(cString: name) {
    case "AVFormatContext":
      let text = unsafe String(cString: format)
      // Only a warning, and all that is ever said about it.
      let isLost = text.hasPrefix("Failed to open fragment")
      guard level <= AV_LOG_ERROR || isLost || text.hasPrefix(lostPieces) else { return }
      let thread = currentThread()
      guard let reports = registry.withLock({ $0.threads[thread]?.reports }) else { return }
      if text.contains("ended prematurely") { reports.noteEarlyEnd() }
      isLost ? reports.noteLostFragment() : reports.noteSkipped()
    case "AVCodecContext":
      let decoder = unsafe context.assumingMemoryBound(to: AVCodecContext.self)
      let mark = unsafe Int(bitPattern: decoder.pointee.opaque)
      let reports = registry.withLock { $0.decoders[mark >> 32]?.reports }
      guard mark > 0, let reports else { return }
      let packet = mark & 0xFFFF_FFFF
      let text = unsafe String(cString: format)
      if text.hasPrefix(missingInH264) || text.hasPrefix(missingInHEVC) {
        reports.noteMissingReference(ofPacket: packet)
      }
      guard level <= AV_LOG_ERROR, !isAboutMetadata(text.lowercased()) else { return }
      if !text.hasPrefix(unknownReference) { reports.noteComplaint(ofPacket: packet) }
      if unsafe marksItsFrames(decoder.pointee.codec_id) { return }
      reports.noteDamage(
        ofPacket: packet, isCutShort: text.lowercased().hasPrefix("overread"))
    default: break
    }
  }

  private static func begins(_ format: UnsafePointer<CChar>, _ start: String) -> Bool {
    unsafe strncmp(format, start, start.utf8.count) == 0
  }

  /// What the ASF demuxer says, in passing, of a frame whose other pieces never came.
  private static let lostPieces = "freeing incomplete packet"
  /// What decoders say of a frame that refers to one which isn't there.
  private static let missingInH264 = "Frame num gap"
  /// What is said of a reference that is to be forgotten, and was before the decoder started.
  private static let unknownReference = "mmco"
  private static let missingInHEVC = "Could not find ref"

  /// Whether the decoder marks damaged frames itself.
  ///
  /// It is believed then, since it also complains about what is no damage, such as references that
  /// a stream which was joined in the middle doesn't have.
  private static func marksItsFrames(_ codec: AVCodecID) -> Bool {
    [
      AV_CODEC_ID_H264, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4,
      AV_CODEC_ID_H263, AV_CODEC_ID_H263P, AV_CODEC_ID_FLV1, AV_CODEC_ID_MSMPEG4V1,
      AV_CODEC_ID_MSMPEG4V2, AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_PRORES,
    ].contains(codec)
  }

  /// Whether a message, in small letters, is about what stands beside the pixels.
  static func isAboutMetadata(_ text: String) -> Bool {
    // Whole words, since "overlapping" is about pixels and "decode_app" is not.
    text.split { !$0.isLetter }.contains { metadataWords.contains(String($0)) }
  }

  private static let metadataWords: Set<String> = [
    "app", "exif", "icc", "iccp", "metadata", "profile", "comment", "adobe",
  ]
}
