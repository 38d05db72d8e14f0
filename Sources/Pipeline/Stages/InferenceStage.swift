internal import SSDLite
internal import Geometry
internal import Media

/// One worker: takes frames of any lane, analyses them, and sends the results into order.
struct InferenceStage {
  let context: RunContext
  /// One for each size.
  let analyzers: [any FrameAnalyzer]

  /// Works until every lane is closed and drained.
  func run() {
    var timings = StageTimings()
    var merge = TileMerge(options: context.options.detection)
    while let taken = context.lanes.take() {
      // Without an outcome other workers are still at work on the frame; the last of them sends it.
      guard let outcome = analyze(taken.element) else { continue }
      let content = content(of: outcome, &timings, &merge)
      let item = LaneItem(
        lane: taken.lane, content: content, heldBytes: taken.element.byteCount)
      context.deliver(item, number: taken.number)
    }
    context.add(timings)
  }

  /// Analyses views of a frame while there are any; the last worker gets the outcome.
  private func analyze(_ work: FrameWork) -> FrameWork.Outcome? {
    while let claim = work.claim(isCancelled: context.control.isCancelled) {
      let (index, analyzer) = (claim.index, analyzers[claim.view.level])
      var timings = StageTimings()
      let began = ContinuousClock.now
      do {
        // Consumed, so that this thread doesn't keep the picture during inference.
        let region = try prepare(consume claim, analyzer)
        timings.scale.add(began.duration(to: .now))
        work.noteRead()
        let detections = analyzer.detect(timings: &timings)
        let found = FrameWork.Found(
          region: region, detections: detections, pixelClasses: analyzer.takePixelClasses(),
          luma: analyzer.takeLuma())
        work.finish(index, found, timings)
      } catch {
        work.fail(EndReason(any: error))
      }
    }
    return work.leave()
  }

  private func prepare(
    _ claim: consuming FrameWork.Claim, _ analyzer: any FrameAnalyzer
  ) throws -> PixelRegion {
    try analyzer.prepare(claim.frame, region: claim.view.region)
  }

  private func content(
    of outcome: FrameWork.Outcome, _ timings: inout StageTimings, _ merge: inout TileMerge
  ) -> LaneItem.Content {
    let frame = outcome.frame
    if let failure = outcome.failure { return .failed(failure, audio: frame.audio) }
    if outcome.isCancelled { return .cancelled }
    if outcome.isOutdated { return .outdated(audio: frame.audio) }
    let began = ContinuousClock.now
    let detections = outcome.detections(&merge)
    timings.scale.add(outcome.timings.scale.total)
    timings.inference.add(outcome.timings.inference.total)
    timings.postprocess.add(outcome.timings.postprocess.total + began.duration(to: .now))
    var result = FrameResult(frame, detections: detections)
    // The first view is the whole frame.
    result.origin.luma = outcome.found.first??.luma
    if outcome.found.count == 1 { result.pixelClasses = outcome.found[0]?.pixelClasses }
    return .result(result)
  }
}

extension FrameWork.Outcome {
  /// The detections of all views, merged into those of the frame.
  fileprivate func detections(_ merge: inout TileMerge) -> [Detection] {
    if found.count == 1 { return found[0]?.detections ?? [] }
    for case let view? in found {
      merge.add(
        view.detections, from: view.region.fractions(width: frame.width, height: frame.height))
    }
    return merge.finish()
  }
}

extension EndReason {
  fileprivate init(any error: any Error) {
    if let error = error as? MediaError {
      self.init(error)
    } else {
      self.init(code: "failed", message: "\(error)", isTransient: false)
    }
  }
}
