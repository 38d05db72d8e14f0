/// Class names of the data sets that networks are usually trained on.
enum BuiltInLabels {
  /// The names for a number of classes; numbered if no known data set has that many.
  static func labels(classes: Int, isDetector: Bool) -> [String] {
    if isDetector && classes == coco.count { return coco }
    if isDetector && classes == voc.count { return voc }
    if !isDetector && classes == ImageNetLabels.names.count { return ImageNetLabels.names }
    // TensorFlow's classifiers have a background, too.
    if !isDetector && classes == ImageNetLabels.names.count + 1 {
      return ["background"] + ImageNetLabels.names
    }
    return (0..<classes).map { isDetector && $0 == 0 ? "background" : "class \($0)" }
  }

  // swift-format-ignore
  /// COCO's 80 classes under their 90 ids; ten ids were never used (Lin et al. 2014,
  /// arXiv:1405.0312).
  static let coco = [
    "background", "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck",
    "boat", "traffic light", "fire hydrant", "N/A", "stop sign", "parking meter", "bench", "bird",
    "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "N/A",
    "backpack", "umbrella", "N/A", "N/A", "handbag", "tie", "suitcase", "frisbee", "skis",
    "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard",
    "tennis racket", "bottle", "N/A", "wine glass", "cup", "fork", "knife", "spoon", "bowl",
    "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut",
    "cake", "chair", "couch", "potted plant", "bed", "N/A", "dining table", "N/A", "N/A", "toilet",
    "N/A", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven",
    "toaster", "sink", "refrigerator", "N/A", "book", "clock", "vase", "scissors", "teddy bear",
    "hair drier", "toothbrush",
  ]

  // swift-format-ignore
  /// The 20 classes of Pascal VOC 2007 and 2012.
  static let voc = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
    "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
    "train", "tvmonitor",
  ]
}
