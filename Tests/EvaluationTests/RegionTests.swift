import Annotations
import Testing

@testable import Evaluation

@Suite("Ignored objects and regions")
struct RegionTests {
  private let cat = #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,20,20],"area":400}"#

  private func AP(_ truth: AnnotationSet, _ objects: [ObjectRecord]) throws -> Double {
    COCOEvaluation(try comparison(truth, objects)).figures[.AP]
  }

  @Test("a false positive before a hit halves average precision")
  func falsePositive() throws {
    let objects = [found("cat", 0.9, 50, 50, 10, 10), found("cat", 0.8, 0, 0, 20, 20)]
    #expect(abs(try AP(simpleTruth(cat), objects) - 0.5) < 1e-9)
  }

  @Test("detections of any class don't count in a region of the class 'ignore'")
  func regions() throws {
    let objects = [found("cat", 0.9, 50, 50, 10, 10), found("cat", 0.8, 0, 0, 20, 20)]
    let region = #",{"id":2,"image_id":1,"category_id":3,"bbox":[40,40,60,60],"area":3600}"#
    let truth = try simpleTruth(cat + region, categories: #",{"id":3,"name":"ignore"}"#)
    #expect(abs(try AP(truth, objects) - 1) < 1e-9)
    // What matters is the share of the detection that lies in the region.
    let outside = [found("cat", 0.9, 30, 50, 16, 10), found("cat", 0.8, 0, 0, 20, 20)]
    #expect(abs(try AP(truth, outside) - 0.5) < 1e-9)
  }

  @Test("the flag 'ignore' is only honoured on request, because pycocotools ignores it")
  func flag() throws {
    let flagged =
      #",{"id":2,"image_id":1,"category_id":1,"bbox":[50,50,10,10],"area":100,"ignore":1}"#
    let objects = [found("cat", 0.9, 0, 0, 20, 20)]
    let plain = try simpleTruth(cat + flagged)
    #expect(abs(try AP(plain, objects) - 51.0 / 101) < 1e-9)
    #expect(plain.notes.contains { $0.contains("--honor-ignore") })
    let honored = try simpleTruth(cat + flagged, honorsIgnore: true)
    #expect(abs(try AP(honored, objects) - 1) < 1e-9)
  }

  @Test("a detection that matches an annotation with the id 0 is false, as in pycocotools")
  func idOfZero() throws {
    let truth = try simpleTruth(
      #"{"id":0,"image_id":1,"category_id":1,"bbox":[0,0,20,20],"area":400}"#)
    #expect(try AP(truth, [found("cat", 0.9, 0, 0, 20, 20)]) == 0)
  }
}
