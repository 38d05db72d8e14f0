internal import Geometry
internal import Media
internal import Pictures
internal import Report

/// Cuts the best picture of each track out of a video.
///
/// The video is decoded once, from its start to the last of the pictures.
struct Snapshots {
  /// The video.
  let path: String
  /// The most tracks that get a picture.
  let count: Int
  /// The most bytes that all pictures take.
  let budget: Int

  /// How large the pictures are at most, in pixels.
  private static let side = 144
  private static let quality = 5
  private static let stillSide = 640
  private static let stillQuality = 8
  /// What is around an object is part of its picture: a twelfth of it on each side.
  private static let margin = 1.0 / 12

  /// Adds pictures to `media`: one frame, and the longest tracks of `source`.
  ///
  /// - Throws: `MediaError` if the video can't be opened or has no frame.
  func add(
    to media: inout PageMedia, of source: SourceDigest, isStopped: () -> Bool
  ) throws(MediaError) {
    let reader = try VideoReader(path)
    let converter = PictureConverter()
    var left = budget
    var wanted = chosen(from: source)[...]
    while !isStopped(), let frame = try reader.next() {
      let isFirst = media.still == nil
      // Times in results are rounded to millionths, and some containers round to thousandths.
      let due = wanted.prefix { $0.sight.t <= frame.t + 0.0015 }
      guard isFirst || !due.isEmpty else { continue }
      let picture = try Picture(frame, converter: converter)
      if isFirst {
        let still = try picture.fitted(width: Self.stillSide, height: Self.stillSide)
        media.still = try ImageFile.jpeg(still, quality: Self.stillQuality)
      }
      for (index, sight) in due {
        guard let jpeg = try cut(sight, from: picture), jpeg.count <= left else { continue }
        media.pictures[index] = jpeg
        left -= jpeg.count
      }
      wanted = wanted.dropFirst(due.count)
      if wanted.isEmpty { return }
    }
    guard media.still != nil || isStopped() else {
      throw MediaError(
        .invalidData, source: path, message: "None of its frames could be decoded.",
        remedy: "Check that the file is complete.")
    }
  }

  /// The longest tracks, by the time of their picture.
  private func chosen(
    from source: SourceDigest
  ) -> [(index: Int, sight: TrackDigest.Sight)] {
    let tracks = source.tracks
    let longest = tracks.indices.sorted {
      (-tracks[$0].length, $0) < (-tracks[$1].length, $1)
    }
    return longest.lazy.compactMap { index in tracks[index].sight.map { (index, $0) } }
      .prefix(count).sorted { ($0.sight.t, $0.index) < ($1.sight.t, $1.index) }
  }

  private func cut(
    _ sight: TrackDigest.Sight, from picture: Picture
  ) throws(MediaError) -> [UInt8]? {
    // A copy of the video may have another size.
    let box = sight.box.scaled(
      x: Double(picture.width) / Double(sight.width),
      y: Double(picture.height) / Double(sight.height))
    let (aside, above) = (box.width * Self.margin, box.height * Self.margin)
    let crop = try picture.cropped(
      x: Float(box.x - aside), y: Float(box.y - above), width: Float(box.width + 2 * aside),
      height: Float(box.height + 2 * above))
    guard let crop else { return nil }
    return try ImageFile.jpeg(
      crop.fitted(width: Self.side, height: Self.side), quality: Self.quality)
  }
}
