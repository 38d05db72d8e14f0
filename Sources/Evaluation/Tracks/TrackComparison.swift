public import Annotations
internal import Geometry

/// The tracks of a sequence beside its truth.
public struct TrackComparison: Sendable {
  /// How truth and results are compared.
  public struct Options: Hashable, Sendable {
    /// Objects of which less can be seen are left out on both sides, 0...1.
    public var leastVisibility = 0.25
    /// Whether objects of different classes may match.
    public var ignoresClasses = false

    /// Creates the default options.
    public init() {}
  }

  /// The frames, in order.
  public let frames: [TrackedFrame]

  /// Compares a file of the MOTChallenge with results.
  ///
  /// Frame 1 of the truth is frame 0 of the results, and class 1 is their class 0, as each counts
  /// from its own first number. Objects without a number in the results are left out.
  ///
  /// - Throws: `EvaluationError` if the results are of several sources.
  public init(
    truth: MOTChallengeFile, found: [FrameRecord], path: String, options: Options = .init()
  ) throws(EvaluationError) {
    var real: [Int: [NumberedBox]] = [:]
    var ignored: [Int: [NumberedBox]] = [:]
    for row in truth.rows {
      let box = NumberedBox(
        number: row.number, classID: options.ignoresClasses ? 0 : row.classNumber - 1, box: row.box)
      if row.counts && row.visibility >= options.leastVisibility {
        real[row.frame - 1, default: []].append(box)
      } else {
        ignored[row.frame - 1, default: []].append(box)
      }
    }
    let tracked = try Self.tracked(found, path: path, options)
    let numbers = Set(real.keys).union(tracked.keys).sorted()
    frames = numbers.map { number in
      var frame = TrackedFrame(truth: real[number] ?? [], found: tracked[number] ?? [])
      frame.leaveOut(on: ignored[number] ?? [])
      return frame
    }
  }

  /// Compares results with others that are taken for the truth.
  ///
  /// - Throws: `EvaluationError` if either are of several sources.
  public init(
    truth: [FrameRecord], truthPath: String, found: [FrameRecord], path: String,
    options: Options = .init()
  ) throws(EvaluationError) {
    let real = try Self.tracked(truth, path: truthPath, options)
    let tracked = try Self.tracked(found, path: path, options)
    // Only frames that both have: runs with different strides can be compared.
    let common = Set(truth.map(\.index)).intersection(found.map(\.index)).sorted()
    frames = common.map { TrackedFrame(truth: real[$0] ?? [], found: tracked[$0] ?? []) }
  }

  private static func tracked(
    _ records: [FrameRecord], path: String, _ options: Options
  ) throws(EvaluationError) -> [Int: [NumberedBox]] {
    var result: [Int: [NumberedBox]] = [:]
    let source = records.first?.source
    for record in records {
      guard record.source == source else {
        throw EvaluationError(
          path: path, message: "It has the frames of several sources.",
          remedy: "Give the results of one source.")
      }
      for object in record.objects {
        guard let number = object.trackID else { continue }
        result[record.index, default: []].append(
          NumberedBox(
            number: number, classID: options.ignoresClasses ? 0 : object.classID ?? 0,
            box: object.box))
      }
    }
    return result
  }
}
