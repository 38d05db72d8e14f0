/// When two names mean the same class.
enum ClassName {
  /// Pascal VOC's words, and what COCO calls the same.
  private static let synonyms = [
    "aeroplane": "airplane", "motorbike": "motorcycle", "sofa": "couch", "tvmonitor": "tv",
    "diningtable": "diningtable", "pottedplant": "pottedplant",
  ]

  /// The form in which names of the same class are equal: small letters without blanks, underscores
  /// and hyphens, and of VOC's and COCO's words always COCO's.
  static func canonical(_ name: String) -> String {
    let letters = name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    return synonyms[letters] ?? letters
  }
}
