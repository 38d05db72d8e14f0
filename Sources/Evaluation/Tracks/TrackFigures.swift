/// How well tracks agree with a truth: HOTA, IDF1 and MOTA, and what they consist of.
///
/// All but the counts are 0...1, though `mota` may be negative.
public struct TrackFigures: Hashable, Sendable {
  /// Higher order tracking accuracy, the mean over overlaps of 0.05 to 0.95.
  ///
  /// Luiten et al. 2020, arXiv:2009.07736: the geometric mean of `detA` and `assA` at each overlap.
  public var hota = 0.0
  /// The detection part of HOTA: how many boxes are right.
  public var detA = 0.0
  /// The association part of HOTA: how well boxes of one object share one number.
  public var assA = 0.0
  /// The mean overlap of matched boxes.
  public var locA = 0.0
  /// The share of boxes with the right number when each object is given its best track.
  ///
  /// Ristani et al. 2016, arXiv:1609.01775.
  public var idf1 = 0.0
  /// Precision of the same matching.
  public var idPrecision = 0.0
  /// Recall of the same matching.
  public var idRecall = 0.0
  /// 1 - (misses + false boxes + switches) / objects (Bernardin and Stiefelhagen 2008).
  public var mota = 0.0
  /// How often an object's track changed.
  public var switches = 0
  /// Boxes of the truth that were not found, at an overlap of one half.
  public var misses = 0
  /// Boxes that match nothing in the truth, at an overlap of one half.
  public var falseBoxes = 0
  /// Boxes of the truth.
  public var truthBoxes = 0
  /// Boxes found.
  public var foundBoxes = 0

  /// Measures the frames of one sequence, in order.
  ///
  /// The definitions are those of TrackEval.
  public init(_ frames: some Sequence<TrackedFrame>) {
    let sequence = NumberedSequence(frames)
    truthBoxes = sequence.truthCount.reduce(0, +)
    foundBoxes = sequence.foundCount.reduce(0, +)
    var solver = AssignmentSolver()
    measureHOTA(sequence, &solver)
    measureIdentity(sequence, &solver)
    measureCLEAR(sequence, &solver)
  }

  /// The means of several sequences; counts are summed.
  public init(meanOf sequences: [TrackFigures]) {
    let count = Double(max(sequences.count, 1))
    func mean(_ value: (TrackFigures) -> Double) -> Double {
      sequences.reduce(0) { $0 + value($1) } / count
    }
    func sum(_ value: (TrackFigures) -> Int) -> Int { sequences.reduce(0) { $0 + value($1) } }
    hota = mean(\.hota)
    detA = mean(\.detA)
    assA = mean(\.assA)
    locA = mean(\.locA)
    idf1 = mean(\.idf1)
    idPrecision = mean(\.idPrecision)
    idRecall = mean(\.idRecall)
    mota = mean(\.mota)
    switches = sum(\.switches)
    misses = sum(\.misses)
    falseBoxes = sum(\.falseBoxes)
    truthBoxes = sum(\.truthBoxes)
    foundBoxes = sum(\.foundBoxes)
  }
}
