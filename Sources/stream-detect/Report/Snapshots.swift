internal import Media
internal import Pictures
internal import Report

/// Cuts the best picture of each track out of a video, for a page.
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
  ) throws {
    var left = budget
    try SightReader(path: path).read(
      chosen(from: source), wantsFirst: true, isStopped: isStopped
    ) { picture, sights in
      if media.still == nil {
        let still = try picture.fitted(width: Self.stillSide, height: Self.stillSide)
        media.still = try ImageFile.jpeg(still, quality: Self.stillQuality)
      }
      for (index, sight) in sights {
        guard let crop = try picture.cut(sight, margin: Self.margin) else { continue }
        let jpeg = try ImageFile.jpeg(
          crop.fitted(width: Self.side, height: Self.side), quality: Self.quality)
        guard jpeg.count <= left else { continue }
        media.pictures[index] = jpeg
        left -= jpeg.count
      }
    }
  }

  /// The longest tracks.
  private func chosen(from source: SourceDigest) -> [SightReader.Wanted] {
    let tracks = source.tracks
    let longest = tracks.indices.sorted {
      (-tracks[$0].length, $0) < (-tracks[$1].length, $1)
    }
    return longest.lazy.compactMap { index in tracks[index].sight.map { (index, $0) } }
      .prefix(count).map { $0 }
  }
}
