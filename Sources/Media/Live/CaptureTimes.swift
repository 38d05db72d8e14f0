import CFFmpeg

/// Carries the capture times of packets through a decoder to its frames.
///
/// A decoder may hold frames back and put them into another order, so each packet gets a number,
/// which the decoder passes on.
struct CaptureTimes {
  /// A decoder holds back fewer frames than this.
  private static let most = 64

  private var times: [Int64: CaptureTime] = [:]
  private var last: Int64 = 0
  private var latest: CaptureTime?

  /// Notes the time of a packet, and returns its number.
  mutating func add(_ time: CaptureTime) -> Int64 {
    last += 1
    times[last] = time
    times[last - Int64(Self.most)] = nil
    latest = time
    return last
  }

  /// The time of the frame with this number; without one, that of the latest packet.
  mutating func take(_ number: Int64) -> CaptureTime? {
    times.removeValue(forKey: number) ?? latest
  }
}
