internal import VideoIO

/// One worker: takes frames of any lane, looks at them, and sends the results into order.
struct InferenceStage {
  let context: RunContext
  let analyzer: any FrameAnalyzer

  /// Works until every lane is closed and drained.
  func run() {
    var timings = StageTimings()
    while let taken = context.lanes.take() {
      let (lane, number) = (taken.lane, taken.number)
      // Consumed, so that nothing here holds the picture while the frame is looked at.
      let content = process((consume taken).element, &timings)
      context.deliver(OutputItem(lane: lane, content: content), number: number)
    }
    context.add(timings)
  }

  private func process(
    _ item: consuming LaneItem, _ timings: inout StageTimings
  ) -> OutputItem.Content {
    switch consume item {
    case .started(let start): .started(start)
    case .gap(let gap): .gap(gap)
    case .ended(let end): .ended(end)
    case .frame(let frame):
      context.control.isCancelled ? .cancelled : look(at: consume frame, &timings)
    }
  }

  private func look(
    at frame: consuming DecodedFrame, _ timings: inout StageTimings
  ) -> OutputItem.Content {
    let began = ContinuousClock.now
    do {
      try analyzer.prepare(frame)
    } catch {
      return .failed(EndReason(any: error), audio: frame.audio)
    }
    timings.scale.add(began.duration(to: .now))
    // The decoder gets its buffer back before the long part.
    if !context.wantsPictures { frame.picture = nil }
    let detections = analyzer.detect(timings: &timings)
    return .result(
      FrameResult(
        source: frame.source, frame: frame.picture, index: frame.index, pts: frame.pts,
        t: frame.t, wall: frame.wall, width: frame.width, height: frame.height,
        isCorrupt: frame.isCorrupt, detections: detections, audio: frame.audio))
  }
}

extension EndReason {
  fileprivate init(any error: any Error) {
    if let error = error as? MediaError {
      self.init(error)
    } else {
      self.init(word: "failed", sentence: "\(error)", isTransient: false)
    }
  }
}
