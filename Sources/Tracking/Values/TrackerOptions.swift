/// How objects are tracked.
///
/// Times are in seconds, scores 0...1.
public struct TrackerOptions: Sendable {
  /// How long a track is kept while nothing is seen of its object.
  ///
  /// Less time counts while the object is hidden behind another one, and stationary objects are
  /// kept longer.
  public var ttl = 2.0
  /// How long an object has to be followed before it is reported.
  public var minimumDuration = 0.2
  /// How long the box of an object is predicted while nothing is seen of it.
  ///
  /// With 0 no box is predicted, and `OfflineTracker` fills no gaps.
  public var coast = 1.0
  /// The median of a track's last scores from which it is reported; of ten, and at least three.
  public var confirmScore = 0.55
  /// The score from which an observation begins a track.
  public var birthScore = 0.45
  /// The score from which an observation is matched first.
  public var highScore = 0.5
  /// The score from which an observation is used at all.
  public var lowScore = 0.1
  /// How many seconds ahead `OfflineTracker` knows before a frame is finished.
  public var lookahead = 7.0

  /// The constants of the models.
  package var tuning = TrackerTuning()

  /// The most observations of a frame that are used, those with the highest scores.
  static let maximumObservations = 2000

  /// Creates the default options.
  public init() {}

  /// Sets the median score from which tracks are reported, and lowers the scores that begin and
  /// extend them where they are higher.
  public mutating func report(above score: Double) {
    confirmScore = score
    birthScore = min(birthScore, score)
    highScore = min(highScore, score)
  }
}
