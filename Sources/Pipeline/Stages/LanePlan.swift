/// What one lane reads: all files, one after the other, or a single live source.
struct LanePlan: Sendable {
  var sources: [MediaSource]
  var isLive: Bool
  /// Whether the lane is kept for a source of the lane of files that may turn out to be live.
  var isReserve = false

  /// One lane for all files together and one for each live source, in the order given, and then one
  /// for each source that may be either.
  static func lanes(for sources: [MediaSource]) -> [LanePlan] {
    let files = sources.filter { $0.kind == .file }
    let live = sources.filter { $0.kind == .live }
    return (files.isEmpty ? [] : [LanePlan(sources: files, isLive: false)])
      + live.map { LanePlan(sources: [$0], isLive: true) }
      + files.filter(\.isKindOpen).map {
        LanePlan(sources: [$0], isLive: true, isReserve: true)
      }
  }

  /// The sources of the lane of files, with the reserve lanes among `plan` of those that have one.
  func backlog(in plan: [LanePlan]) -> LaneBacklog {
    var reserves = plan.indices.filter { plan[$0].isReserve }[...]
    return LaneBacklog(
      sources.map {
        LaneBacklog.Entry(source: $0, liveLane: $0.isKindOpen ? reserves.popFirst() : nil)
      })
  }
}
