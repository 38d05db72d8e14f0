internal import Support

/// What all stages of one run share.
final class RunContext: Sendable {
  let options: PipelineOptions
  let opener: any FrameSourceOpener
  let control: PipelineControl
  let wantsPictures: Bool
  let wantsAudio: Bool
  let choice: ViewChoice
  /// From the decode stages to the workers.
  let lanes: FairQueue<FrameWork>
  /// From the workers and the decode stages, put in order, to the ordered stage.
  let ordered: BoundedQueue<LaneItem>
  private let order: [Locked<ReorderBuffer<LaneItem>>]
  private let timings = Locked(StageTimings())

  init(
    plan: [LanePlan], options: PipelineOptions, opener: any FrameSourceOpener,
    control: PipelineControl, wantsPictures: Bool, wantsAudio: Bool, choice: ViewChoice
  ) {
    self.options = options
    self.opener = opener
    self.control = control
    self.wantsPictures = wantsPictures
    self.wantsAudio = wantsAudio
    self.choice = choice
    let capacity = max(options.queueCapacity, 1)
    let limit = max(options.threads, 1) + capacity
    lanes = FairQueue(
      lanes: plan.map { plan in
        var lane = FairQueue<FrameWork>.Lane(
          capacity: capacity, policy: plan.isLive ? options.livePolicy : .block, limit: limit,
          isUrgent: plan.isLive)
        lane.bytesWaiting = options.queueBytes
        lane.bytesOut = 2 * options.queueBytes
        return lane
      })
    // Room for the frames and the records that the lanes let out, so that pushing never waits.
    ordered = BoundedQueue(capacity: max(2 * limit * plan.count, 1))
    order = plan.map { _ in Locked(ReorderBuffer()) }
  }

  /// How old a frame of a live source may be when a worker takes it, in seconds.
  ///
  /// A frame waits in its lane until a newer one comes. Where decoders are starved, because there
  /// are more sources than can be analysed, that takes long; it is then too late for the frame.
  var longestAge: Double? { options.livePolicy == .block ? nil : 1.5 }

  /// Sends a frame to the workers, and returns how many frames of its lane were dropped for it.
  func send(_ work: FrameWork, lane: Int) -> Int {
    let dropped = lanes.push(work, lane: lane)
    for number in dropped { forward(lane: lane) { $0.skip(number: number) } }
    return dropped.count
  }

  /// Sends a record of a source to the ordered stage, past the workers, in its place between the
  /// frames of its lane.
  func send(_ record: LaneItem.Content, lane: Int) {
    deliver(LaneItem(lane: lane, content: record), number: lanes.reserve(lane: lane))
  }

  /// Sends an item on to the ordered stage once all items of its lane before it have been sent.
  func deliver(_ item: LaneItem, number: Int) {
    forward(lane: item.lane) { $0.insert(item, number: number) }
  }

  /// Makes room in the lane of an item that has left the pipeline.
  func release(_ item: LaneItem) {
    if item.isFrame {
      lanes.release(lane: item.lane, byteCount: item.heldBytes)
    } else {
      lanes.releaseReserved(lane: item.lane)
    }
  }

  private func forward(lane: Int, _ change: (inout ReorderBuffer<LaneItem>) -> [LaneItem]) {
    // Pushed under the lock: two threads could otherwise swap what they have just put in order.
    order[lane].withLock { buffer in
      for item in change(&buffer) { ordered.push(item) }
    }
  }

  /// Adds a stage's times to those of the run.
  func add(_ part: StageTimings) { timings.withLock { $0.add(part) } }

  /// The times of all stages that have reported.
  func totalTimings() -> StageTimings { timings.withLock { $0 } }
}
