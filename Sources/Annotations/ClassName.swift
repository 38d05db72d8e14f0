/// Decides whether two names mean the same class.
package enum ClassName {
  /// Pascal VOC's names, and COCO's for the same classes.
  private static let synonyms = [
    "aeroplane": "airplane", "motorbike": "motorcycle", "sofa": "couch", "tvmonitor": "tv",
    "diningtable": "diningtable", "pottedplant": "pottedplant",
  ]

  /// A form that is equal for names of the same class: lower case without spaces, underscores and
  /// hyphens, and always COCO's name where COCO's and VOC's differ.
  package static func canonical(_ name: String) -> String {
    let letters = name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    return synonyms[letters] ?? letters
  }
}
