import Foundation
import Media

/// Which parts of which segments a clip consists of.
struct ClipPlan {
  /// Parts, in order.
  var parts: [VideoPart] = []
  /// When each of the segments began that the parts are of.
  var starts: [Date] = []
  /// What is missing.
  var gaps: [Clip.Gap] = []

  /// More seconds than these between two segments are a gap: arrivals of packets aren't exact.
  private static let tolerance = 0.5

  /// Plans a clip from `from` to `to` out of `segments`, which are in order.
  init(from: Date, to: Date, segments: [RecordingStore.Segment]) {
    // Up to when there is something.
    var covered = from
    for segment in segments where segment.start <= to {
      let end = segment.start + segment.seconds
      guard end > covered else { continue }
      if segment.start > covered + Self.tolerance {
        gaps.append(Clip.Gap(from: covered, to: segment.start))
      }
      // A clock that was set back makes segments overlap; what follows goes on where it ended.
      let begins = max(covered.timeIntervalSince(segment.start), 0)
      parts.append(
        VideoPart(
          segment.path, from: begins > Self.tolerance || parts.isEmpty ? begins : 0,
          to: to.timeIntervalSince(segment.start)))
      starts.append(segment.start)
      covered = end
    }
    if to > covered + Self.tolerance { gaps.append(Clip.Gap(from: covered, to: to)) }
  }
}
