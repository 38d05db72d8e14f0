package import Foundation
package import Media

/// What a recorder needs to know of a packet.
package protocol RecordedPacket: Sendable {
  /// Whether it is video, rather than sound.
  var isVideo: Bool { get }
  /// Whether it is a picture that a decoder can begin with.
  var isKeyframe: Bool { get }
  /// The number of its bytes.
  var byteCount: Int { get }
  /// When it is decoded, in seconds of its connection's clock; doesn't fall within a stream.
  var time: Double { get }
  /// When it arrived, in seconds of `RecorderClock`.
  var arrival: Double { get }
  /// When it was captured, by the clock on the wall.
  var wall: Date { get }
  /// Whether there is sound beside the video.
  var hasSound: Bool { get }
  /// Whether both can be in one file: they are of one connection, and the video has the same size
  /// and other parameters.
  func fits(_ other: Self) -> Bool
}

extension TappedPacket: RecordedPacket {
  /// The number of its bytes.
  package var byteCount: Int { packet.byteCount }
  /// When it arrived, in seconds of `RecorderClock`.
  package var arrival: Double { RecorderClock.seconds(capture.arrived) }
  /// When it was captured, by the clock on the wall.
  package var wall: Date { capture.wall }
  /// Whether there is sound beside the video.
  package var hasSound: Bool { streams.audio != nil }
  /// Whether both can be in one file.
  package func fits(_ other: TappedPacket) -> Bool { streams === other.streams }
}

/// The clock that packets and events are compared by: seconds since some moment.
///
/// Nobody sets it, so what happened five seconds before an event is that, also in the night in
/// which the clock on the wall is put right.
package enum RecorderClock {
  /// The present.
  package static var now: Double { seconds(.now) }

  /// A moment as seconds.
  package static func seconds(_ moment: ContinuousClock.Instant) -> Double {
    let passed = (moment - origin).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  private static let origin = ContinuousClock.now
}
