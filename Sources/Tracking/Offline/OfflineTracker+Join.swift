internal import Geometry

extension OfflineTracker {
  /// Joins paths that begin with the earlier ones that they continue.
  ///
  /// A path is joined once: when it has been watched for some time, or is over.
  mutating func join(isLast: Bool) {
    guard let now = frames.last?.time else { return }
    let ripe = paths.indices.filter { index in
      let path = paths[index]
      return !path.isDecided
        && (isLast || path.isOver || now - path.first >= tuning.joinEvidence)
    }
    guard !ripe.isEmpty else { return }
    association.begin()
    var ends: [Int: PathEnd] = [:]
    for late in ripe where isWorthJoining(paths[late]) {
      var head: PathEnd?
      for early in paths.indices where early != late {
        let gap = paths[late].first - paths[early].last
        guard gap > 0, gap <= tuning.joinGap, isWorthJoining(paths[early]) else { continue }
        let start = head ?? PathEnd(startOf: paths[late], &smoother)
        head = start
        let end = ends[early] ?? PathEnd(endOf: paths[early], &smoother)
        ends[early] = end
        let cost = end.cost(to: start, after: gap, tuning)
        if cost < 1 { association.add(track: early, observation: late, gain: 1 - cost) }
      }
    }
    var pairs: [(track: Int, observation: Int)] = []
    association.solve(trackCount: paths.count, observationCount: paths.count, into: &pairs)
    for index in ripe { paths[index].isDecided = true }
    merge(pairs.map { ($0.track, $0.observation) })
  }

  /// Whether a path is likely enough to be an object to be joined with others.
  private func isWorthJoining(_ path: Path) -> Bool {
    path.scores.total >= 2 && path.bestScore >= options.confirmScore
  }

  private mutating func merge(_ joins: [(early: Int, late: Int)]) {
    guard !joins.isEmpty else { return }
    var isGone = [Bool](repeating: false, count: paths.count)
    // From the last to the first, so that several fragments of one path come together.
    for (early, late) in joins.sorted(by: { $0.late > $1.late }) {
      if !paths[early].isOver { tracker.drop(serial: paths[early].serial) }
      paths[early].serial = paths[late].serial
      paths[early].isOver = paths[late].isOver
      for sighting in paths[late].sightings { paths[early].add(sighting) }
      isGone[late] = true
    }
    paths = paths.indices.filter { !isGone[$0] }.map { paths[$0] }
    renumber()
  }
}

/// Where a path begins or ends, and how it moves there.
struct PathEnd {
  private let x: Smoother.State
  private let y: Smoother.State
  private let classID: Int

  /// The end of a path.
  init(endOf path: Path, _ smoother: inout Smoother) {
    let steps = path.sightings.suffix(Path.fewest).map(\.step)
    self.init(steps, at: steps.count - 1, path, &smoother)
  }

  /// The beginning of a path.
  init(startOf path: Path, _ smoother: inout Smoother) {
    self.init(path.sightings.prefix(Path.fewest).map(\.step), at: 0, path, &smoother)
  }

  private init(_ steps: [MotionStep], at place: Int, _ path: Path, _ smoother: inout Smoother) {
    smoother.smooth(steps, isStill: [Bool](repeating: false, count: steps.count))
    var (x, y) = (smoother.x[place], smoother.y[place])
    x.position -= steps[place].shift.x
    y.position -= steps[place].shift.y
    (self.x, self.y, classID) = (x, y, path.votes.winner)
  }

  /// How badly a beginning fits this end `gap` seconds before; below 1 they may belong together.
  func cost(to late: PathEnd, after gap: Double, _ tuning: TrackerTuning) -> Double {
    let (dx, dy) = (late.x.position - x.position, late.y.position - y.position)
    func miss(_ velocityX: Double, _ velocityY: Double) -> Double {
      (square(dx - velocityX * gap) + square(dy - velocityY * gap)).squareRoot()
    }
    let ahead = miss(x.velocity, y.velocity)
    let back = miss(late.x.velocity, late.y.velocity)
    let between = miss((x.velocity + late.x.velocity) / 2, (y.velocity + late.y.velocity) / 2)
    let side = (x.size * y.size).squareRoot()
    let place =
      min(between, (ahead + back) / 2) / (side * (tuning.joinBase + tuning.joinRate * gap))
    func ratio(_ a: Double, _ b: Double) -> Double { max(a, b) / min(a, b) - 1 }
    let shape = (ratio(x.size, late.x.size) + ratio(y.size, late.y.size)) / tuning.joinShape
    return place + shape + (classID == late.classID ? 0 : tuning.joinClass)
  }
}
