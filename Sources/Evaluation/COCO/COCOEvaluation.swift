/// COCO's figures of a comparison, for each class and for all of them.
///
/// They equal those of pycocotools' `COCOeval` with `iouType="bbox"`, including how ties are
/// broken, how precision is interpolated, and the -1 for classes without objects.
public struct COCOEvaluation: Sendable {
  /// The means over the classes that have objects.
  public let figures: COCOFigures
  /// The figures of each class, in the order of the comparison's classes.
  public let perClass: [COCOFigures]

  /// Evaluates a comparison.
  ///
  /// - Complexity: O(detections · objects) in each image, and O(n log n) in all detections.
  public init(_ comparison: Comparison) {
    perClass = comparison.classes.indices.map { classIndex in
      ClassEvaluation(comparison.classImages(of: classIndex)).figures()
    }
    figures = .mean(of: perClass)
  }
}

extension Comparison {
  /// The images that matter to a class: it occurs there, was found there, or is ignored there.
  ///
  /// Only the best `limit` detections of each image are kept.
  func classImages(
    of classIndex: Int, limit: Int = COCOProtocol.detectionLimits.max() ?? 0
  ) -> [ClassImage] {
    images.compactMap { $0.content(of: classIndex, limit: limit) }
  }
}

extension Comparison.Image {
  /// The objects and detections of a class in this image; `nil` if there are none.
  func content(of classIndex: Int, limit: Int) -> ClassImage? {
    let truth = truth.filter { $0.classIndex == classIndex || $0.classIndex == nil }
    let found = found.filter { $0.classIndex == classIndex }
    if truth.isEmpty && found.isEmpty { return nil }
    return ClassImage(truth: truth, found: found, limit: limit)
  }
}

/// One class in all images.
private struct ClassEvaluation {
  private let images: [ClassImage]
  /// All detections by falling score, each as its image and its rank in it.
  private let order: [(image: Int, rank: Int)]

  init(_ images: [ClassImage]) {
    self.images = images
    let all = images.enumerated().flatMap { image, content in
      content.found.enumerated().map { (score: $1.score, image: image, rank: $0) }
    }
    order = all.indices.sorted { (-all[$0].score, $0) < (-all[$1].score, $1) }
      .map { (all[$0].image, all[$0].rank) }
  }

  func figures() -> COCOFigures {
    var figures = COCOFigures()
    let precisionNames: [COCOFigures.Name] = [.AP, .APs, .APm, .APl]
    let recallNames: [COCOFigures.Name] = [.AR100, .ARs, .ARm, .ARl]
    for (place, areas) in COCOProtocol.areas.enumerated() {
      let objects = images.reduce(0) { $0 + $1.ignored(outside: areas).count { !$0 } }
      guard objects > 0 else { continue }
      let outcomes = COCOProtocol.overlaps.map { overlap in
        images.map { $0.matched(at: overlap, areas: areas).outcomes }
      }
      let curves = outcomes.map { curve($0, objects: objects, limit: 100) }
      figures[precisionNames[place]] = mean(curves.map(\.meanPrecision))
      figures[recallNames[place]] = mean(curves.map(\.recall))
      guard place == 0 else { continue }
      figures[.AP50] = curves[0].meanPrecision
      figures[.AP75] = curves[5].meanPrecision
      for (name, limit) in [(COCOFigures.Name.AR1, 1), (.AR10, 10)] {
        figures[name] = mean(outcomes.map { curve($0, objects: objects, limit: limit).recall })
      }
    }
    return figures
  }

  /// The recall of all detections together, and the mean precision at the protocol's recalls.
  private func curve(
    _ outcomes: [[ClassImage.Outcome]], objects: Int, limit: Int
  ) -> (recall: Double, meanPrecision: Double) {
    var precision: [Double] = []
    var recall: [Double] = []
    var hits = 0.0
    var misses = 0.0
    for (image, rank) in order where rank < limit {
      switch outcomes[image][rank] {
      case .hit: hits += 1
      case .miss: misses += 1
      case .ignored: break
      }
      recall.append(hits / Double(objects))
      precision.append(hits / (misses + hits + COCOProtocol.epsilon))
    }
    // Interpolates: precision at a recall is the best one at this or any higher recall.
    for place in precision.indices.dropLast().reversed() {
      precision[place] = max(precision[place], precision[place + 1])
    }
    var place = 0
    var sum = 0.0
    for level in COCOProtocol.recalls {
      while place < recall.count && recall[place] < level { place += 1 }
      if place < recall.count { sum += precision[place] }
    }
    return (recall.last ?? 0, sum / Double(COCOProtocol.recalls.count))
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
