/// The constants of COCO's protocol for boxes.
///
/// Lin et al. 2014, arXiv:1405.0312, and the reference implementation, pycocotools' `COCOeval`.
enum COCOProtocol {
  /// The overlaps at which a detection starts to match an object, 0.5 to 0.95.
  ///
  /// Computed in the same way as numpy's `linspace`: overlaps of boxes with round sizes can equal
  /// these numbers exactly, so the last bit matters.
  static let overlaps = steps(from: 0.5, to: 0.95, count: 10)

  /// The recalls at which precision is sampled, 0 to 1.
  static let recalls = steps(from: 0, to: 1, count: 101)

  /// How many detections of a class in an image count; the best ones do.
  static let detectionLimits = [1, 10, 100]

  /// The areas of objects that count, in square pixels: all, small, medium, large.
  static let areas: [ClosedRange<Double>] = [
    0...1e10, 0...1024, 1024...9216, 9216...1e10,
  ]

  /// Keeps a precision of 0 / 0 from becoming NaN; numpy's `spacing(1)`.
  static let epsilon = Double.ulpOfOne

  private static func steps(from start: Double, to end: Double, count: Int) -> [Double] {
    let step = (end - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? end : Double($0) * step + start }
  }
}
