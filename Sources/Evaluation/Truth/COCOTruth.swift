internal import Geometry
internal import Foundation

/// Reads a truth in the form of COCO's `instances.json`.
///
/// Of each annotation `bbox`, `area`, `iscrowd` and `ignore` are read; outlines and key points are
/// passed over. As in pycocotools, `area` alone decides about sizes, and annotations of images or
/// categories that the file does not list are left out.
struct COCOTruth {
  private struct File: Decodable {
    var images: [Image]
    var annotations: [Annotation]
    var categories: [Category]
  }

  private struct Image: Decodable {
    var id: EntryID
    var file_name: String?
    var width: Double?
    var height: Double?
  }

  private struct Category: Decodable {
    var id: EntryID
    var name: String?
  }

  private struct Annotation: Decodable {
    var id: EntryID?
    var image_id: EntryID
    var category_id: EntryID
    var bbox: [Double]
    var area: Double?
    var iscrowd: LenientFlag?
    var ignore: LenientFlag?
  }

  let path: String
  /// Whether the flag `ignore` counts, which pycocotools replaces by `iscrowd`.
  let honorsIgnore: Bool

  func read(_ data: Data) throws(EvaluationError) -> TruthSet {
    let file = try JSONFile.decode(
      File.self, from: data, path: path,
      remedy: "Give a JSON file with images, annotations and categories, as COCO's instances.json.")
    var truth = TruthSet(form: .coco, categories: categories(of: file), images: images(of: file))
    try addBoxes(of: file, to: &truth)
    return truth
  }

  private func categories(of file: File) -> [TruthSet.Category] {
    var ids: Set<EntryID> = []
    var names: Set<String> = []
    return file.categories.filter { ids.insert($0.id).inserted }.map { category in
      var name = category.name ?? "category \(category.id)"
      while !names.insert(name).inserted { name += " (id \(category.id))" }
      return TruthSet.Category(id: category.id, name: name)
    }
  }

  private func images(of file: File) -> [TruthSet.Image] {
    var ids: Set<EntryID> = []
    return file.images.filter { ids.insert($0.id).inserted }.map { image in
      TruthSet.Image(
        id: image.id, name: image.file_name ?? "\(image.id)", width: side(image.width),
        height: side(image.height), boxes: [])
    }.sorted { $0.id < $1.id }
  }

  private func side(_ pixels: Double?) -> Int? {
    guard let pixels, pixels >= 1, pixels <= PixelBox.farthest else { return nil }
    return Int(pixels)
  }

  private func addBoxes(of file: File, to truth: inout TruthSet) throws(EvaluationError) {
    let imagePlaces = places(truth.images.map(\.id))
    let categoryPlaces = places(truth.categories.map(\.id))
    var strangers = 0
    var ignored = 0
    var ids: Set<EntryID> = []
    var hasDoubles = false
    for (place, annotation) in file.annotations.enumerated() {
      if let id = annotation.id, !ids.insert(id).inserted { hasDoubles = true }
      guard let image = imagePlaces[annotation.image_id],
        let category = categoryPlaces[annotation.category_id]
      else {
        strangers += 1
        continue
      }
      var box = try self.box(annotation, place, category: category)
      if annotation.ignore?.isSet == true && !box.isCrowd {
        ignored += 1
        box.isIgnored = honorsIgnore
      }
      truth.images[image].boxes.append(box)
    }
    truth.notes = notes(
      strangers: strangers, ignored: ignored, hasDoubles: hasDoubles,
      hasIDZero: ids.contains(.number(0)))
  }

  private func box(
    _ annotation: Annotation, _ place: Int, category: Int
  ) throws(EvaluationError) -> TruthSet.Box {
    let numbers = annotation.bbox
    guard numbers.count == 4 else {
      throw fault(place, "The 'bbox' has \(numbers.count) numbers.")
    }
    let pixels = PixelBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    let area = annotation.area ?? pixels.area
    guard pixels.isSane, area.magnitude <= PixelBox.farthest * PixelBox.farthest else {
      throw fault(place, "The 'bbox' or 'area' has a number that no image is large enough for.")
    }
    var box = TruthSet.Box(category: category, box: pixels, area: area)
    box.isCrowd = annotation.iscrowd?.isSet ?? false
    box.hasIDZero = annotation.id == .number(0)
    return box
  }

  private func fault(_ place: Int, _ message: String) -> EvaluationError {
    EvaluationError(
      path: "\(path): annotations[\(place)]", message: message,
      remedy: "Write [x, y, width, height] in pixels.")
  }

  private func places(_ ids: [EntryID]) -> [EntryID: Int] {
    Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  private func notes(
    strangers: Int, ignored: Int, hasDoubles: Bool, hasIDZero: Bool
  ) -> [String] {
    var notes: [String] = []
    if strangers > 0 {
      notes.append(
        "\(counted(strangers, "annotation")) of images or categories that the file does not list "
          + "are left out")
    }
    if ignored > 0 && !honorsIgnore {
      notes.append(
        "\(counted(ignored, "box", "boxes")) with the flag 'ignore' count like others, as in "
          + "pycocotools; --honor-ignore leaves them out")
    }
    if hasDoubles { notes.append("annotation ids stand several times; each annotation counts") }
    if hasIDZero {
      notes.append(
        "an annotation has the id 0; as in pycocotools finding it counts as a false positive: "
          + "number annotations from 1")
    }
    return notes
  }
}

/// `1 box`, `2 boxes`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
