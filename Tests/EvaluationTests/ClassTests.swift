import Annotations
import TestSupport
import Testing

@testable import Evaluation

@Suite("Classes")
struct ClassTests {
  private func truth(_ names: [String]) -> AnnotationSet {
    AnnotationSet(
      form: .coco,
      categories: names.enumerated().map { .init(id: .number($0 + 1), name: $1) }, images: [])
  }

  private func matching(
    _ names: [String], _ model: [String], isComplete: Bool = true, map: String? = nil
  ) throws -> ClassMatching {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try ClassMatching(
        truth: truth(names), model: .init(names: model, isComplete: isComplete),
        map: map.map { try ClassMap(path: folder.add("map.txt", $0)) })
    }
  }

  @Test(
    "the names of VOC and COCO for the same class match",
    arguments: [
      ("aeroplane", "airplane"), ("motorcycle", "motorbike"), ("couch", "sofa"),
      ("tvmonitor", "tv"), ("dining_table", "diningtable"), ("Potted Plant", "pottedplant"),
      ("traffic-light", "traffic light"), ("PERSON", "person"),
    ])
  func synonyms(name: String, label: String) throws {
    let matching = try matching([name, "other"], [label])
    #expect(matching.classes == [label])
    #expect(matching.onlyInTruth == ["other"])
    #expect(matching.meanings == [.evaluated(0), .leftOut])
  }

  @Test("an equal name wins over a similar one, and classes are not merged without a map")
  func exactness() throws {
    let both = try matching(["TV", "tv"], ["tv"])
    #expect(both.meanings == [.leftOut, .evaluated(0)])
    #expect(try matching(["cat"], ["dog", "cat"]).onlyInModel == ["dog"])
  }

  @Test("a map renames and merges classes, and turns them into regions")
  func maps() throws {
    let matching = try matching(
      ["van", "car", "dontcare", "lorry"], ["car", "truck"],
      map: "# comment\nvan = car\n\nDontCare = ignore\nlorry = Truck\n")
    #expect(matching.classes == ["car", "truck"])
    #expect(matching.meanings == [.evaluated(0), .evaluated(0), .region, .evaluated(1)])
    let json = try self.matching(["van"], ["car"], map: #"{"van": "car"}"#)
    #expect(json.classes == ["car"])
  }

  @Test("a map with an unknown name is refused, and the error lists the known names")
  func wrongMaps() throws {
    let truth = try evaluationError { _ = try matching(["car"], ["car"], map: "cart = car") }
    #expect(truth.message.contains("cart") && truth.remedy.contains("car"))
    let model = try evaluationError { _ = try matching(["car"], ["car"], map: "car = bike") }
    #expect(model.message.contains("bike"))
    let none = try evaluationError { _ = try matching(["car"], ["cat"]) }
    #expect(none.message.contains("none in common") && none.remedy.contains("cat"))
    let line = try evaluationError { _ = try matching(["car"], ["car"], map: "a = b\ncar\n") }
    #expect(line.path.hasSuffix("map.txt:2"))
  }

  @Test("a class of which nothing was found is evaluated if the model's classes are not known")
  func incomplete() throws {
    let matching = try matching(["cat", "dog", "ignore"], ["cat"], isComplete: false)
    #expect(matching.classes == ["cat", "dog"])
    #expect(matching.neverFound == ["dog"] && matching.regions == ["ignore"])
  }
}
