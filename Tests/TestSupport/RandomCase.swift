public import Foundation

/// A small random data set with detections, the same one that `scripts/make-eval-cases.py` makes
/// from a seed.
public struct RandomCase {
  private struct Annotation {
    var id: Int
    var image: Int
    var category: Int
    var box: [Double]
    var area: Double
    var isCrowd: Bool
    var isIgnored: Bool
  }

  private var random: SplitMix64
  private var images: [Int] = []
  private var categories: [Int] = []
  private var annotations: [Annotation] = []
  private var results: [(image: Int, category: Int, score: Double, box: [Double])] = []

  /// Makes the case of a seed.
  public init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for _ in 0..<1 + below(6) {
      images.append((images.last ?? below(50)) + 1 + below(40))
    }
    for _ in 0..<1 + below(4) { categories.append((categories.last ?? 0) + 1 + below(3)) }
    let scores = [2, 5, 20, 1000, 1_000_003][below(5)]
    for image in images { fill(image, firstID: seed % 10 == 9 ? 0 : 1, scores: scores) }
    annotations = shuffled(annotations)
    results = shuffled(results)
    images = shuffled(images)
  }

  private mutating func fill(_ image: Int, firstID: Int, scores: Int) {
    var boxes: [(box: [Double], category: Int)] = []
    if below(5) > 0 {
      for _ in 0..<below(8) {
        let box = randomBox()
        let category = randomCategory()
        boxes.append((box, category))
        annotations.append(
          Annotation(
            id: annotations.count + firstID, image: image, category: category, box: box,
            area: box[2] * box[3] * [1, 1, 0.75][below(3)], isCrowd: below(7) == 0,
            isIgnored: below(9) == 0))
      }
    }
    guard below(6) > 0 else { return }
    for (box, category) in boxes {
      for _ in 0..<below(4) {
        let other = randomCategory()
        let taken = below(6) == 0 ? other : category
        let place = moved(box)
        results.append((image, taken, Double(below(scores)) / Double(scores), place))
      }
    }
    for _ in 0..<(below(60) == 0 ? 130 : below(5)) {
      let category = randomCategory()
      let box = randomBox()
      results.append((image, category, Double(below(scores)) / Double(scores), box))
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  private mutating func randomCategory() -> Int { categories[below(categories.count)] }

  private mutating func randomBox() -> [Double] {
    let side = [120, 380, 1200][below(3)]
    return [
      Double(below(1600)) / 4, Double(below(1600)) / 4, Double(1 + below(side)) / 4,
      Double(1 + below(side)) / 4,
    ]
  }

  private mutating func moved(_ box: [Double]) -> [Double] {
    let reach = [0, 4, 20, 60][below(4)]
    let shifts = (0..<4).map { _ in Double(below(2 * reach + 1) - reach) / 128 }
    return [
      box[0] + shifts[0] * box[2], box[1] + shifts[1] * box[3], box[2] * (1 + shifts[2]),
      box[3] * (1 + shifts[3]),
    ]
  }

  private mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
    var items = items
    for place in items.indices.dropFirst().reversed() {
      items.swapAt(place, below(place + 1))
    }
    return items
  }

  /// The truth in the format of COCO's `instances.json`.
  public var truth: Data {
    let images = images.map { "{\"id\":\($0)}" }
    let categories = categories.map { "{\"id\":\($0),\"name\":\"c\($0)\"}" }
    let annotations = annotations.map { annotation in
      "{\"id\":\(annotation.id),\"image_id\":\(annotation.image),"
        + "\"category_id\":\(annotation.category),\"bbox\":\(annotation.box),"
        + "\"area\":\(annotation.area),\"iscrowd\":\(annotation.isCrowd ? 1 : 0),"
        + "\"ignore\":\(annotation.isIgnored)}"
    }
    return Data(
      """
      {"images":[\(images.joined(separator: ","))],"categories":[\(categories.joined(separator: ","))],
      "annotations":[\(annotations.joined(separator: ","))]}
      """.utf8)
  }

  /// The detections as a list of COCO results.
  public var predictions: Data {
    let entries = results.map { result in
      "{\"image_id\":\(result.image),\"category_id\":\(result.category),\"score\":\(result.score),"
        + "\"bbox\":\(result.box)}"
    }
    return Data("[\(entries.joined(separator: ","))]".utf8)
  }
}
