internal import Geometry
internal import Foundation

/// Reads a file like COCO's `instances.json`.
///
/// Of each annotation, `bbox`, `area`, `iscrowd` and `ignore` are read; outlines and key points are
/// not. As in pycocotools, `area` alone decides whether an object is small, medium or large, and
/// annotations of images or categories that the file does not list are left out.
struct COCOReader {
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
    var source: String?
    var frame: Int?
    var t: Double?
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
    var score: Double?
    var track_id: Int?
  }

  let path: String
  /// Whether `ignore` is honoured; pycocotools overwrites it with `iscrowd`.
  let honorsIgnore: Bool

  func read(_ data: Data) throws(AnnotationError) -> AnnotationSet {
    let file = try JSONFile.decode(
      File.self, from: data, path: path,
      remedy: "Give a JSON file with images, annotations and categories, as COCO's instances.json.")
    var set = AnnotationSet(
      form: .coco, categories: categories(of: file), images: images(of: file))
    try addBoxes(of: file, to: &set)
    return set
  }

  private func categories(of file: File) -> [AnnotationSet.Category] {
    var ids: Set<EntryID> = []
    var names: Set<String> = []
    return file.categories.filter { ids.insert($0.id).inserted }.map { category in
      var name = category.name ?? "category \(category.id)"
      while !names.insert(name).inserted { name += " (id \(category.id))" }
      return AnnotationSet.Category(id: category.id, name: name)
    }
  }

  private func images(of file: File) -> [AnnotationSet.Image] {
    var ids: Set<EntryID> = []
    return file.images.filter { ids.insert($0.id).inserted }.map { image in
      var entry = AnnotationSet.Image(
        id: image.id, name: image.file_name ?? "\(image.id)", width: PixelBox.side(image.width),
        height: PixelBox.side(image.height), boxes: [])
      if let source = image.source, let frame = image.frame, frame >= 0 {
        entry.frame = (source, frame)
        entry.seconds = image.t
      }
      return entry
    }.sorted { $0.id < $1.id }
  }

  private func addBoxes(of file: File, to set: inout AnnotationSet) throws(AnnotationError) {
    let imagePlaces = places(set.images.map(\.id))
    let categoryPlaces = places(set.categories.map(\.id))
    var unlisted = 0
    var ignored = 0
    var ids: Set<EntryID> = []
    var hasDuplicates = false
    for (place, annotation) in file.annotations.enumerated() {
      if let id = annotation.id, !ids.insert(id).inserted { hasDuplicates = true }
      guard let image = imagePlaces[annotation.image_id],
        let category = categoryPlaces[annotation.category_id]
      else {
        unlisted += 1
        continue
      }
      var box = try self.box(annotation, place, category: category)
      if annotation.ignore?.isSet == true && !box.isCrowd {
        ignored += 1
        box.isIgnored = honorsIgnore
      }
      set.images[image].boxes.append(box)
    }
    set.notes = notes(
      unlisted: unlisted, ignored: ignored, hasDuplicates: hasDuplicates,
      hasIDOfZero: ids.contains(.number(0)))
  }

  private func box(
    _ annotation: Annotation, _ place: Int, category: Int
  ) throws(AnnotationError) -> AnnotationSet.Box {
    let numbers = annotation.bbox
    guard numbers.count == 4 else {
      throw fault(place, "The 'bbox' has \(numbers.count) numbers.")
    }
    let pixels = PixelBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    let area = annotation.area ?? pixels.area
    guard pixels.isSane, area.magnitude <= PixelBox.farthest * PixelBox.farthest else {
      throw fault(place, "The 'bbox' or 'area' has a number that no image is large enough for.")
    }
    var box = AnnotationSet.Box(id: annotation.id, category: category, box: pixels, area: area)
    box.isCrowd = annotation.iscrowd?.isSet ?? false
    box.score = annotation.score
    box.trackID = annotation.track_id
    return box
  }

  private func fault(_ place: Int, _ message: String) -> AnnotationError {
    AnnotationError(
      path: "\(path): annotations[\(place)]", message: message,
      remedy: "Write [x, y, width, height] in pixels.")
  }

  private func places(_ ids: [EntryID]) -> [EntryID: Int] {
    Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  private func notes(
    unlisted: Int, ignored: Int, hasDuplicates: Bool, hasIDOfZero: Bool
  ) -> [String] {
    var notes: [String] = []
    if unlisted > 0 {
      notes.append(
        "\(counted(unlisted, "annotation")) of images or categories that the file does not list "
          + "are left out")
    }
    if ignored > 0 && !honorsIgnore {
      notes.append(
        "\(counted(ignored, "box", "boxes")) with the flag 'ignore' count like any other, as in "
          + "pycocotools; --honor-ignore leaves them out")
    }
    if hasDuplicates {
      notes.append("some annotation ids occur more than once; every annotation counts")
    }
    if hasIDOfZero {
      notes.append(
        "an annotation has the id 0, and as in pycocotools a detection that matches it counts as a "
          + "false positive: number annotations from 1")
    }
    return notes
  }
}

/// `1 box`, `2 boxes`.
private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
