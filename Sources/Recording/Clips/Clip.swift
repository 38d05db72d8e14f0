package import Foundation
import Media
import Support

/// A video that was cut out of a camera's recordings.
package struct Clip: Hashable, Sendable {
  /// A time of which nothing is recorded, and which the clip passes over.
  package struct Gap: Hashable, Sendable {
    /// When it begins.
    package var from: Date
    /// When it ends.
    package var to: Date
  }

  /// The path of its file.
  package let path: String
  /// When its first picture was taken: the keyframe at or before the time that was asked for.
  package let start: Date
  /// How long it lasts, in seconds.
  package let seconds: Double
  /// What is missing of the time that was asked for.
  package let gaps: [Gap]
}

extension RecordingStore {
  /// Cuts a clip out of the recordings of `camera`, an MP4 of the same packets.
  ///
  /// It begins with the keyframe at or before `from`, ends at `to`, and appears under `path` when
  /// it is complete.
  ///
  /// Of what is being recorded it has as much as is on disk (`Recorder.flush`).
  ///
  /// - Throws: `RecordingError`, "not_recorded" if there is nothing of that time.
  package func cut(
    _ camera: String, from: Date, to: Date, path: String
  ) throws(RecordingError) -> Clip {
    let hold = hold(camera, from: from, to: to)
    let plan = ClipPlan(from: from, to: to, segments: hold.segments)
    let file: PartialFile
    do { file = try PartialFile(path) } catch { throw RecordingError(error) }
    let copy: JoinedCopy
    do { copy = try JoinedCopy(plan.parts, to: file.partialPath) } catch {
      file.discard()
      throw RecordingError(error)
    }
    let clip = Clip(path: path, from: from, to: to, plan, copy.copied)
    guard let clip else {
      file.discard()
      throw RecordingError(
        .nothing, camera, message: "Nothing of that time is recorded.",
        remedy: "Choose a time of which there are recordings.")
    }
    do { try file.commit() } catch { throw RecordingError(error) }
    return withExtendedLifetime(hold) { clip }
  }
}

extension Clip {
  /// What was cut by a plan; `nil` if that is nothing.
  fileprivate init?(
    path: String, from: Date, to: Date, _ plan: ClipPlan, _ copied: [JoinedCopy.Copied?]
  ) {
    var gaps = plan.gaps
    var start: Date?
    var seconds = 0.0
    for (index, copied) in copied.enumerated() {
      let begin = plan.starts[index]
      guard let copied else {
        // Another size: it would take another file.
        let end = index + 1 < plan.starts.count ? plan.starts[index + 1] : to
        gaps.append(Gap(from: max(begin, from), to: min(end, to)))
        continue
      }
      start = start ?? begin + copied.from
      seconds += copied.seconds
    }
    guard let start else { return nil }
    (self.path, self.start, self.seconds) = (path, start, seconds)
    self.gaps = gaps.sorted { $0.from < $1.from }
  }
}
