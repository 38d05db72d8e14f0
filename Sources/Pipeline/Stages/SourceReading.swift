internal import Foundation
internal import Geometry
internal import Media
internal import Tracking

/// One source on its way through a decode stage, over all its connections.
struct SourceReading {
  /// Why no further frame came from a connection.
  enum Stop {
    /// The stream is over; if something of it is missing, it says what.
    case endOfStream(Shortfall?)
    /// The selection is complete.
    case selected
    /// The run is stopping.
    case stopped
    case lost(MediaError)
  }

  let source: MediaSource
  private(set) var end: LaneEnd
  /// The index of the next frame.
  private(set) var nextIndex = 0
  private let context: RunContext
  private let lane: Int
  private var selector: FrameSelector
  private var timings = StageTimings()
  private let audio: HeldAudio
  /// How the frames are analysed.
  private var choice = ViewChoice.Views(levels: [0], sides: [])
  /// The areas in the frames of the source, if there are any.
  private var areas: PlacedAreas?
  /// The views of the previous frame, and the size that they are for.
  private var lastViews: (width: Int, height: Int, views: [FrameView])?
  /// Whether frames of a live source wait, because it may be a file.
  private var keepsAll = false
  private var firstFrame: ContinuousClock.Instant?
  private var lastT = 0.0

  init(_ source: MediaSource, lane: Int, context: RunContext) {
    self.source = source
    self.lane = lane
    self.context = context
    selector = FrameSelector(context.options.selection.within(source.part))
    end = LaneEnd(source: source.name, status: .complete, opened: .now)
    audio = HeldAudio { packets in
      context.send(.audio(source: source.name, packets), lane: lane)
    }
  }

  /// Opens the source.
  func open(_ cancellation: Cancellation) throws(MediaError) -> any FrameSource {
    let reader = try context.opener.open(
      source, wantsAudio: context.wantsAudio, cancellation: cancellation)
    let (width, height) = (reader.info.width, reader.info.height)
    guard context.options.areas.placed(width: width, height: height) != nil else {
      throw MediaError(
        .areaOutside, source: source.name,
        message: "A mask or a region has a corner outside of its \(width) x \(height) pixels.",
        remedy: "Give pixels of the displayed frame, or fractions of it.")
    }
    return reader
  }

  /// Opens a live source; with `again`, failures are logged for debugging only.
  func connect(
    _ cancellation: Cancellation, again: Bool
  ) throws(MediaError) -> any FrameSource {
    guard again else { return try open(cancellation) }
    return try FFmpegLog.quietly { () throws(MediaError) in try open(cancellation) }
  }

  /// Sends the record of an opened source.
  mutating func sendStart(_ reader: any FrameSource) {
    let isLive = source.kind == .live
    let options = context.options
    if !options.areas.isEmpty {
      areas = options.areas.placed(width: reader.info.width, height: reader.info.height)
    }
    choice = context.choice.views(
      for: reader.info, isLive: isLive,
      tiles: details(width: reader.info.width, height: reader.info.height).count)
    let start = SourceStart(
      source: source.name, uri: redacted(source.location), info: reader.info,
      start: isLive ? Date() : nil, tiles: options.tiles == .none ? nil : choice.sides,
      sizes: options.sizes == .own ? nil : context.choice.sizes(of: choice),
      audio: reader.audio)
    context.send(.started(start), lane: lane)
  }

  /// Sends a record of a connection lost or restored.
  func send(_ gap: Gap) { context.send(.gap(gap), lane: lane) }

  /// Sends the frames of one connection until it stops; `isAlive` is called after each.
  mutating func read(_ reader: any FrameSource, isAlive: () -> Void = {}) -> Stop {
    let firstIndex = nextIndex
    // Times of a later connection continue at the time of the clock, and never fall.
    let base = firstFrame.map { max($0.duration(to: .now).seconds, lastT) } ?? 0
    defer {
      end.counts.decoded += reader.failedFrames + reader.leftOutFrames
      end.counts.failed += reader.failedFrames
      end.counts.dropped += reader.leftOutFrames
      end.repairedTimestamps += reader.repairedTimestamps
    }
    let isChosen = nextIndex == 0 && reader.choose(selector)
    if context.wantsAudio { reader.passAudioOn { [audio] in audio.add($0) } }
    while true {
      if context.control.isStopping { return .stopped }
      if selector.isExhausted { return .selected }
      let began = ContinuousClock.now
      let decoded: Frame?
      do {
        decoded = try reader.next()
      } catch {
        return context.control.isStopping ? .stopped : .lost(error)
      }
      audio.add(reader.takeAudio())
      if let passed = reader.chosen?.lastPassed { audio.skip(stamp: passed.stamp) }
      guard var frame = decoded else {
        if let chosen = reader.chosen {
          notePassed(before: chosen.frames, lastT: chosen.lastPassed?.t)
          if chosen.hasEnded { return .selected }
        }
        return .endOfStream(reader.shortfall)
      }
      timings.decode.add(began.duration(to: .now))
      isAlive()
      keepAll(reader.mayBeFile)
      frame.shift(index: firstIndex, t: base)
      if nextIndex == 0, let misfit = misfit(of: frame) { return .lost(misfit) }
      notePassed(before: frame.index)
      note(frame)
      if isChosen {
        selector.accept()
        send(frame)
        continue
      }
      switch selector.decide(t: frame.t, isKeyframe: frame.isKeyframe) {
      case .take:
        send(frame)
      case .skip:
        end.counts.skipped += 1
        audio.skip(frame)
      case .end:
        end.counts.skipped += 1
        return .selected
      }
    }
  }

  /// Sends the end record, the last of the source.
  mutating func finish(_ status: SourceEnd.Status, _ reason: EndReason? = nil) {
    end.status = status
    end.reason = reason
    end.audio = audio.take()
    context.send(.ended(end), lane: lane)
    context.add(timings)
  }

  /// Sends the end record of a source that didn't deliver all that it declared.
  mutating func finish(_ shortfall: Shortfall) {
    let status: SourceEnd.Status = shortfall.kind == .gaps ? .gaps : .truncated
    finish(status, EndReason(shortfall))
  }

  /// Sends the end record of a source that was read to its end.
  mutating func finishComplete() {
    let hasNone = selector.isEmpty && end.counts.skipped > 0
    finish(.complete, hasNone ? .nothingSelected(skipped: end.counts.skipped, lastT: lastT) : nil)
  }

  /// Sends the end record of a source whose selection is complete.
  mutating func finishSelected() {
    end.isCutShort = true
    finish(.complete)
  }

  /// Sends the end record of a source that was stopped with the run.
  mutating func finishStopped() { finish(.stopped, .stopped) }

  /// Notes that a lost connection has been restored.
  mutating func noteReconnect() { end.reconnects += 1 }

  /// Makes frames of a live source wait for a worker, or no longer.
  private mutating func keepAll(_ isWanted: Bool) {
    guard source.kind == .live, isWanted != keepsAll else { return }
    keepsAll = isWanted
    context.lanes.setPolicy(isWanted ? .block : context.options.livePolicy, lane: lane)
  }

  /// Why zones and lines don't fit the first frame, if so: no other frame needs to be decoded.
  private func misfit(of frame: Frame) -> MediaError? {
    let size = FrameSize(width: Double(frame.width), height: Double(frame.height))
    do throws(ZoneError) {
      try context.options.tracking?.events?.check(firstFrame: size)
      return nil
    } catch {
      return MediaError(
        .zone, source: source.name, message: "\(error.subject): \(error.message)",
        remedy: error.remedy)
    }
  }

  /// Counts frames up to one with `index` that the source left out.
  private mutating func notePassed(before index: Int, lastT: Double? = nil) {
    guard index > nextIndex else { return }
    end.counts.decoded += index - nextIndex
    end.counts.skipped += index - nextIndex
    nextIndex = index
    self.lastT = max(self.lastT, lastT ?? 0)
  }

  private mutating func note(_ frame: Frame) {
    end.counts.decoded += 1
    nextIndex = frame.index + 1
    lastT = frame.t
    if firstFrame == nil { firstFrame = .now }
  }

  private mutating func send(_ frame: Frame) {
    var frame = frame
    frame.source = source.name
    frame.areas = areas
    if source.kind == .live, frame.capture == nil { frame.capture = CaptureTime() }
    frame.audio = audio.take()
    let work = FrameWork(
      frame, views: views(of: frame), keepsPicture: context.wantsPictures,
      longestAge: source.kind == .live && !keepsAll ? context.longestAge : nil)
    let dropped = context.send(work, lane: lane)
    end.counts.dropped += dropped
    selector.giveBack(dropped)
  }

  /// The views of a frame; laid out again only when the size changes.
  private mutating func views(of frame: Frame) -> [FrameView] {
    if let last = lastViews, (last.width, last.height) == (frame.width, frame.height) {
      return last.views
    }
    let layout = TileLayout(width: frame.width, height: frame.height, sides: choice.sides)
    let views = FrameView.views(
      of: layout, levels: choice.levels,
      details: details(width: frame.width, height: frame.height))
    lastViews = (frame.width, frame.height, views)
    return views
  }

  /// The tiles of what is analysed at full detail.
  private func details(width: Int, height: Int) -> [PixelRegion] {
    areas.map { context.choice.tiles(of: $0, width: width, height: height) } ?? []
  }
}

extension MediaError.Code {
  /// A mask or a region has a corner outside of the frames.
  static let areaOutside: Self = "area_outside"
  /// A zone or a line can't be placed in the frames.
  static let zone: Self = "zone"
}

extension EndReason {
  init(_ shortfall: Shortfall) {
    self.init(
      code: shortfall.kind.rawValue, message: shortfall.message,
      remedy: shortfall.isTransient ? "Read it again." : "Get a whole copy to see the rest.",
      isTransient: shortfall.isTransient)
  }

  static func nothingSelected(skipped: Int, lastT: Double) -> EndReason {
    let time = (lastT * 1000).rounded() / 1000
    return EndReason(
      code: "nothing_selected",
      message:
        "The options select none of its \(skipped) frames, the last of which is at \(time) s.",
      remedy: "Check --start.", isTransient: false)
  }

  static let offlineTracking = EndReason(
    code: "live_source",
    message: "The source is live, and offline tracking has to wait for what comes later.",
    remedy: "Track it online.", isTransient: false)

  static let stopped = EndReason(
    code: "stopped", message: "The run was stopped before the source ended.", isTransient: false)
}
