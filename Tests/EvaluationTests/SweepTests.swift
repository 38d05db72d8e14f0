import Testing

@testable import Evaluation

@Suite("Precision, recall and confusions")
struct SweepTests {
  private let animals = """
    {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,20,20],"area":400},
    {"id":2,"image_id":1,"category_id":1,"bbox":[40,0,20,20],"area":400},
    {"id":3,"image_id":1,"category_id":2,"bbox":[0,40,20,20],"area":400}
    """

  @Test("a threshold counts right and false detections, and objects that were not found")
  func points() throws {
    let comparison = try comparison(
      simpleTruth(animals),
      [
        found("cat", 0.9, 0, 0, 20, 20), found("cat", 0.7, 80, 80, 10, 10),
        found("cat", 0.5, 40, 0, 20, 20), found("cat", 0.5, 70, 0, 10, 10),
      ])
    let (perClass, all) = comparison.sweeps(overlap: 0.5)
    let cat = perClass[0]
    #expect(cat.points.map(\.score) == [0.9, 0.7, 0.5])
    let middle = cat.point(atLeast: 0.6)
    #expect(middle.hits == 1 && middle.misses == 1 && middle.objects == 2)
    #expect(middle.precision == 0.5 && middle.recall == 0.5 && middle.f1 == 0.5)
    let none = cat.point(atLeast: 0.95)
    #expect(none.precision == 1 && none.recall == 0 && none.f1 == 0)
    // F1 is 2/3 at 0.9 and at 0.5. The higher one wins, and the threshold lies midway to the next
    // score.
    #expect(cat.best?.score == (0.9 + 0.7) / 2)
    #expect(perClass[1].best == nil)
    #expect(all.objects == 3 && all.point(atLeast: 0).hits == 2)
  }

  @Test("an object found as another class is a confusion, the rest is false or not found")
  func confusions() throws {
    let comparison = try comparison(
      simpleTruth(
        animals + #",{"id":4,"image_id":1,"category_id":3,"bbox":[60,60,20,20],"area":400}"#,
        categories: #",{"id":3,"name":"fox"}"#),
      [
        found("cat", 0.9, 0, 0, 20, 20), found("dog", 0.8, 41, 0, 20, 20),
        found("dog", 0.7, 60, 60, 20, 20), found("cat", 0.6, 85, 0, 10, 10),
        found("dog", 0.2, 0, 40, 20, 20),
      ])
    let pairs = comparison.confusions(score: 0.5, overlap: 0.5)
    #expect(
      Set(pairs) == [
        Confusion(truth: "cat", found: "dog", count: 1),
        Confusion(truth: "fox", found: "dog", count: 1),
        Confusion(truth: nil, found: "cat", count: 1),
        Confusion(truth: "dog", found: nil, count: 1),
      ])
    #expect(comparison.confusions(score: 0.1, overlap: 0.5).count == 3)
  }

  @Test("without objects every figure is -1 and no threshold is best")
  func empty() throws {
    let comparison = try comparison(simpleTruth(""), [found("cat", 0.9, 0, 0, 20, 20)])
    let report = EvaluationReport(comparison)
    #expect(COCOFigures.Name.allCases.allSatisfy { report.figures[$0] == -1 })
    #expect(report.sweep.best == nil)
    #expect(report.plot().svg().hasSuffix("</svg>\n"))
  }
}
