internal import Support

/// What all stages of one run share.
final class RunContext: Sendable {
  let options: PipelineOptions
  let opener: any FrameSourceOpener
  let control: PipelineControl
  let wantsPictures: Bool
  let wantsAudio: Bool
  let tiles: TileChoice
  /// From the decode stages to the workers.
  let lanes: FairQueue<LaneItem>
  /// From the workers, put back into order, to the sinks.
  let output: BoundedQueue<OutputItem>
  private let order: [Locked<ReorderBuffer<OutputItem>>]
  private let timings = Locked(StageTimings())

  init(
    plan: [LanePlan], options: PipelineOptions, opener: any FrameSourceOpener,
    control: PipelineControl, wantsPictures: Bool, wantsAudio: Bool, tiles: TileChoice
  ) {
    self.options = options
    self.opener = opener
    self.control = control
    self.wantsPictures = wantsPictures
    self.wantsAudio = wantsAudio
    self.tiles = tiles
    let capacity = max(options.queueCapacity, 1)
    let limit = max(options.threads, 1) + capacity
    lanes = FairQueue(
      lanes: plan.map {
        .init(
          capacity: capacity, policy: $0.isLive ? options.livePolicy : .block, limit: limit,
          isUrgent: $0.isLive)
      })
    // Room for all that lanes let out, so that no worker ever waits here.
    output = BoundedQueue(capacity: max(limit * plan.count, 1))
    order = plan.map { _ in Locked(ReorderBuffer()) }
  }

  /// Sends what became of a lane's item on to the sinks once all before it has gone.
  func deliver(_ item: OutputItem, number: Int) {
    // Pushed under the lock: two workers could otherwise swap what they have just put into order.
    order[item.lane].withLock { buffer in
      for ready in buffer.insert(item, number: number) { output.push(ready) }
    }
  }

  /// Adds a stage's times to those of the run.
  func add(_ part: StageTimings) { timings.withLock { $0.add(part) } }

  /// The times of all stages that have reported.
  func totalTimings() -> StageTimings { timings.withLock { $0 } }
}

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
