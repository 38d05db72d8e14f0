internal import Geometry
internal import Media
internal import Pictures
internal import Report

/// Reads the frames of a video in which tracks are seen best.
///
/// The video is decoded once, from its start to the last of these frames.
struct SightReader {
  /// Where a track of a source, by its place, is seen best.
  typealias Wanted = (index: Int, sight: TrackDigest.Sight)

  /// The video.
  let path: String

  /// Calls `body` with the picture of each frame that has some of the sights, and with these.
  ///
  /// `wantsFirst` adds the first frame, with or without any.
  ///
  /// - Throws: `MediaError` if the video can't be opened or has no frame, and what `body` throws.
  func read(
    _ sights: [Wanted], wantsFirst: Bool, isStopped: () -> Bool,
    body: (Picture, ArraySlice<Wanted>) throws -> Void
  ) throws {
    let reader = try open()
    let converter = PictureConverter()
    var wanted = sights.sorted { ($0.sight.t, $0.index) < ($1.sight.t, $1.index) }[...]
    var isFirst = true
    while !isStopped(), let frame = try reader.next() {
      // Times in results are rounded to millionths, and some containers round to thousandths.
      let due = wanted.prefix { $0.sight.t <= frame.t + 0.0015 }
      defer { isFirst = false }
      guard isFirst && wantsFirst || !due.isEmpty else { continue }
      try body(try Picture(frame, converter: converter), due)
      wanted = wanted.dropFirst(due.count)
      if wanted.isEmpty { return }
    }
    guard !isFirst || isStopped() else {
      throw MediaError(
        .invalidData, source: path, message: "None of its frames could be decoded.",
        remedy: "Check that the file is complete.")
    }
  }
}

extension SightReader {
  private func open() throws(MediaError) -> VideoReader {
    do {
      return try VideoReader(path)
    } catch  where error.remedy.contains("--allow") {
      // Commands that read pictures of results have no such option.
      throw MediaError(
        error.code, source: error.source, message: error.message,
        remedy: "Copy the video into one file, and name that with --video.")
    }
  }
}

extension Picture {
  /// The object of a sight, with this share of its sides around it; `nil` if nothing is left of it.
  func cut(_ sight: TrackDigest.Sight, margin: Double) throws(MediaError) -> Picture? {
    // A copy of the video may have another size.
    let box = sight.box.scaled(
      x: Double(width) / Double(sight.width), y: Double(height) / Double(sight.height))
    let (aside, above) = (box.width * margin, box.height * margin)
    return try cropped(
      x: Float(box.x - aside), y: Float(box.y - above), width: Float(box.width + 2 * aside),
      height: Float(box.height + 2 * above))
  }
}
