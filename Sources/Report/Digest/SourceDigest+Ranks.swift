extension SourceDigest {
  /// The places of its classes, those with the most objects first.
  package var classRanks: [Int] {
    let tracks = trackCounts
    return classes.indices.sorted {
      (-classes[$0].objects, -tracks[$0], $0) < (-classes[$1].objects, -tracks[$1], $1)
    }
  }

  /// Its longest tracks, at most so many.
  package func longestTracks(_ count: Int) -> [TrackDigest] {
    Array(tracks.sorted { ($1.length, $0.id) < ($0.length, $1.id) }.prefix(max(count, 0)))
  }

  /// How it ended, in a word: `unfinished` where no line says so.
  package var ending: String { status ?? "unfinished" }
}
