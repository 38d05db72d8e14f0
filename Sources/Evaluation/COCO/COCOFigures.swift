/// COCO's twelve figures: 0 to 1, or -1 if there are no objects to measure with.
public struct COCOFigures: Hashable, Sendable {
  /// A figure.
  public enum Name: String, CaseIterable, Sendable {
    /// Average precision, the mean over overlaps of 0.5 to 0.95.
    case AP
    /// Average precision at an overlap of 0.5.
    case AP50
    /// Average precision at an overlap of 0.75.
    case AP75
    /// AP of objects below 32² pixels.
    case APs
    /// AP of objects from 32² to 96² pixels.
    case APm
    /// AP of objects of 96² pixels and more.
    case APl
    /// Average recall with only the best detection of each class in an image.
    case AR1
    /// Average recall with the best 10 detections of each class.
    case AR10
    /// Average recall with the best 100 detections of each class.
    case AR100
    /// AR100 of objects below 32² pixels.
    case ARs
    /// AR100 of objects from 32² to 96² pixels.
    case ARm
    /// AR100 of objects of 96² pixels and more.
    case ARl
  }

  private var values = [Double](repeating: -1, count: Name.allCases.count)

  init() {}

  /// The value of a figure.
  public internal(set) subscript(name: Name) -> Double {
    get { values[Self.place(name)] }
    set { values[Self.place(name)] = newValue }
  }

  private static func place(_ name: Name) -> Int {
    Name.allCases.firstIndex(of: name) ?? 0
  }

  /// The mean of each figure over the classes that have it.
  ///
  /// This equals pycocotools' mean over classes, overlaps and recalls together, because a class has
  /// either all of the numbers that make up a figure or none.
  static func mean(of classes: [COCOFigures]) -> COCOFigures {
    var result = COCOFigures()
    for name in Name.allCases {
      let known = classes.map { $0[name] }.filter { $0 > -1 }
      if !known.isEmpty { result[name] = known.reduce(0, +) / Double(known.count) }
    }
    return result
  }
}
