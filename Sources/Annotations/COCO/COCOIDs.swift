/// The numbers of COCO's eighty classes in its own files: from 1 to 90, with gaps.
///
/// Lin et al. 2014, arXiv:1405.0312; ten of the ninety were never annotated.
enum COCOIDs {
  /// The numbers of `names`, if COCO has all of them; else `nil`.
  static func ids(of names: [String]) -> [Int]? {
    let ids = names.compactMap { all[ClassName.canonical($0)] }
    return ids.count == names.count && Set(ids).count == ids.count ? ids : nil
  }

  private static let all: [String: Int] = {
    var ids: [String: Int] = [:]
    var next = 1
    for name in names {
      while unused.contains(next) { next += 1 }
      ids[ClassName.canonical(name)] = next
      next += 1
    }
    return ids
  }()

  private static let unused: Set<Int> = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]

  private static let names = [
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat",
    "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog",
    "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella",
    "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite",
    "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange",
    "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant",
    "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone",
    "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors",
    "teddy bear", "hair drier", "toothbrush",
  ]
}
