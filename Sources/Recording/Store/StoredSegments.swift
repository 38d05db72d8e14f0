package import Logging
package import Media
import Support

/// The segments of one camera in a store.
package final class StoredSegments: SegmentStorage {
  private let store: RecordingStore
  private let camera: String
  private let logger: Logger
  /// Whether was said already that the sound is left out.
  private let hasToldSound = Locked(false)

  /// Prepares the folder of `camera`.
  ///
  /// - Throws: `RecordingError` if the name can't be that of a folder.
  package init(
    _ camera: String, in store: RecordingStore, logger: Logger
  ) throws(RecordingError) {
    _ = try store.folder(of: camera)
    self.store = store
    self.camera = camera
    self.logger = logger
  }

  package func begin(
    with first: TappedPacket
  ) throws(RecordingError) -> any OpenSegment<TappedPacket> {
    let segment = try StoredSegment(first, camera, store)
    if let refusal = segment.soundRefusal, hasToldSound.withLock({ !$0 }) {
      hasToldSound.withLock { $0 = true }
      let codec = first.streams.audio?.codec ?? "sound"
      logger.warning(
        "recorded without sound: MP4 cannot hold this \(codec): \(refusal)",
        metadata: ["camera": "\(camera)"])
    }
    return segment
  }

  package func tidy() { store.expire() }
}

/// A segment that is being written.
private final class StoredSegment: OpenSegment {
  private let store: RecordingStore
  private let key: RecordingStore.Key
  /// `nil` once it is ended.
  private var writer: SegmentWriter?
  private let first: TappedPacket
  /// Why the sound is left out, if it is.
  let soundRefusal: String?
  private var seconds = 0.0
  /// Bytes that are claimed, and those that the file may have when all is written.
  private var claimed = 0
  private var expected = 16 << 10

  /// So many bytes are claimed at once.
  private static let step = 512 << 10
  /// Bytes of a fragment's index for each packet, at most.
  private static let bytesOfIndex = 64

  init(
    _ first: TappedPacket, _ camera: String, _ store: RecordingStore
  ) throws(RecordingError) {
    self.store = store
    self.first = first
    try store.claim(Self.step)
    let key: RecordingStore.Key
    do { key = try store.begin(camera, at: first.wall) } catch {
      store.release(Self.step)
      throw error
    }
    do {
      let writer = try SegmentWriter(store.path(of: key), first.streams)
      soundRefusal = writer.soundRefusal
      self.writer = writer
    } catch {
      store.end(key, seconds: 0, claimed: Self.step)
      throw RecordingError(error)
    }
    self.key = key
    claimed = Self.step
  }

  func write(_ packet: TappedPacket) throws(RecordingError) {
    expected += packet.byteCount + Self.bytesOfIndex
    if expected > claimed {
      let more = max(Self.step, expected - claimed)
      try store.claim(more)
      claimed += more
    }
    do { try writer?.write(packet) } catch { throw RecordingError(error) }
    guard packet.isVideo else { return }
    seconds = packet.time - first.time
    store.note(key, seconds: seconds, written: writer?.wholeByteCount ?? 0)
  }

  func flush() throws(RecordingError) {
    do { try writer?.flush() } catch { throw RecordingError(error) }
  }

  func finish(before next: TappedPacket?) throws(RecordingError) {
    if let next, next.fits(first) { seconds = next.time - first.time }
    var failure: RecordingError?
    do { try writer?.finish(before: next) } catch { failure = RecordingError(error) }
    end(isWhole: failure == nil)
    if let failure { throw failure }
  }

  func abandon() { end(isWhole: false) }

  private func end(isWhole: Bool) {
    guard let whole = writer?.wholeByteCount else { return }
    // Closed before: what it holds still is written then.
    self.writer = nil
    if !isWhole { try? PlainFile.truncate(store.path(of: key), to: whole) }
    store.end(key, seconds: seconds, claimed: claimed)
    store.expire()
  }

  deinit { end(isWhole: false) }
}
