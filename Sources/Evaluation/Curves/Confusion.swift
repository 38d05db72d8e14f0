internal import Geometry

/// A mistake of the detector, and how often it happened.
public struct Confusion: Hashable, Sendable {
  /// The class of the object; `nil` if there is no object.
  public var truth: String?
  /// The class it was detected as; `nil` if it was not found.
  public var found: String?
  /// How often this happened.
  public var count: Int

  /// Creates a mistake from its parts.
  public init(truth: String?, found: String?, count: Int) {
    self.truth = truth
    self.found = found
    self.count = count
  }
}

extension Comparison {
  /// The mistakes that detections with at least `score` make, the most frequent first.
  ///
  /// Detections are first matched with objects of their own class. Then the remaining detections
  /// are paired with the remaining objects of any class, even of classes that the detector does not
  /// have: the pair that overlaps most first, down to `overlap`. Each such pair is a confusion of
  /// two classes. Detections that remain are false, objects that remain were not found.
  public func confusions(score: Double, overlap: Double) -> [Confusion] {
    var counts: [Confusion: Int] = [:]
    for image in images {
      for pair in ImageConfusion(image, self, score: score, overlap: overlap).pairs() {
        counts[pair, default: 0] += 1
      }
    }
    return counts.map { Confusion(truth: $0.key.truth, found: $0.key.found, count: $0.value) }
      .sorted { a, b in
        if a.count != b.count { return a.count > b.count }
        return (a.truth ?? "", a.found ?? "") < (b.truth ?? "", b.found ?? "")
      }
  }
}

/// The mistakes in one image.
private struct ImageConfusion {
  private struct Object {
    var name: String
    var box: PixelBox
    /// Whether the detector makes a mistake if it does not find the object.
    var isExpected: Bool
  }

  /// Objects that no detection of their class matches.
  private var objects: [Object] = []
  /// Detections that match no object of their class and don't lie in an ignored region.
  private var detections: [Object] = []
  private let overlap: Double

  init(_ image: Comparison.Image, _ comparison: Comparison, score: Double, overlap: Double) {
    self.overlap = overlap
    for (classIndex, name) in comparison.classes.enumerated() {
      guard let content = image.content(of: classIndex, limit: .max) else { continue }
      let strong = ClassImage(
        truth: content.truth, found: content.found.filter { $0.score >= score }, limit: .max)
      let matching = strong.matched(at: overlap, areas: COCOProtocol.areas[0])
      let taken = Set(matching.partners.compactMap { $0 })
      for (place, truth) in strong.truth.enumerated()
      where !matching.isIgnored[place] && !taken.contains(place) {
        objects.append(Object(name: name, box: truth.box, isExpected: true))
      }
      for (found, partner) in zip(strong.found, matching.partners) where partner == nil {
        detections.append(Object(name: name, box: found.box, isExpected: true))
      }
    }
    objects += image.unknown.map { Object(name: $0.name, box: $0.box, isExpected: false) }
  }

  func pairs() -> [Confusion] {
    var overlaps: [(share: Double, object: Int, detection: Int)] = []
    for (i, object) in objects.enumerated() {
      for (j, detection) in detections.enumerated() {
        let share = detection.box.overlap(with: object.box, isCrowd: false)
        if share >= overlap { overlaps.append((share, i, j)) }
      }
    }
    overlaps.sort { (-$0.share, $0.object, $0.detection) < (-$1.share, $1.object, $1.detection) }
    var isObjectFree = [Bool](repeating: true, count: objects.count)
    var isDetectionFree = [Bool](repeating: true, count: detections.count)
    var pairs: [Confusion] = []
    for (_, i, j) in overlaps where isObjectFree[i] && isDetectionFree[j] {
      isObjectFree[i] = false
      isDetectionFree[j] = false
      pairs.append(Confusion(truth: objects[i].name, found: detections[j].name, count: 0))
    }
    for (i, object) in objects.enumerated() where isObjectFree[i] && object.isExpected {
      pairs.append(Confusion(truth: object.name, found: nil, count: 0))
    }
    for (j, detection) in detections.enumerated() where isDetectionFree[j] {
      pairs.append(Confusion(truth: nil, found: detection.name, count: 0))
    }
    return pairs
  }
}
