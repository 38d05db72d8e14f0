/// What one lane reads: all files, one after the other, or a single live source.
struct LanePlan: Sendable {
  var sources: [MediaSource]
  var isLive: Bool

  /// One lane for all files together and one for each live source, in the order given.
  static func lanes(for sources: [MediaSource]) -> [LanePlan] {
    let files = sources.filter { $0.kind == .file }
    let live = sources.filter { $0.kind == .live }
    return (files.isEmpty ? [] : [LanePlan(sources: files, isLive: false)])
      + live.map { LanePlan(sources: [$0], isLive: true) }
  }
}
