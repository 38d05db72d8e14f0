/// The numbers that COCO's protocol for boxes is made of.
///
/// Lin et al. 2014, arXiv:1405.0312, and the reference implementation, pycocotools' `COCOeval`.
enum COCOProtocol {
  /// Overlaps from which a detection counts as found, 0.5 to 0.95.
  ///
  /// Computed as numpy's `linspace` does: some overlaps of round boxes equal these numbers exactly.
  static let overlaps = steps(from: 0.5, to: 0.95, count: 10)

  /// Recalls at which precision is read, 0 to 1.
  static let recalls = steps(from: 0, to: 1, count: 101)

  /// Detections of a class in an image, best first, that count.
  static let detectionLimits = [1, 10, 100]

  /// Areas in square pixels of the truth that counts: all, small, medium, large.
  static let areas: [ClosedRange<Double>] = [
    0...1e10, 0...1024, 1024...9216, 9216...1e10,
  ]

  /// The distance of 1 to the next larger number, which keeps 0 / 0 apart from precision.
  static let epsilon = Double.ulpOfOne

  private static func steps(from start: Double, to end: Double, count: Int) -> [Double] {
    let step = (end - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? end : Double($0) * step + start }
  }
}
