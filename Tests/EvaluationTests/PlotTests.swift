import Foundation
import Testing

@testable import Annotations
@testable import Evaluation

@Suite("Plots")
struct PlotTests {
  @Test("class names from files cannot inject markup into an SVG document")
  func escaping() throws {
    let name = #"</text><script>"&'\#u{1}"#
    let truth = try simpleTruth(
      #"{"id":1,"image_id":1,"category_id":3,"bbox":[0,0,20,20],"area":400}"#,
      categories: #",{"id":3,"name":"</text><script>\"&'\u0001"}"#)
    let comparison = try comparison(truth, [found(name, 0.5, 0, 0, 20, 20)], classes: [name])
    let svg = EvaluationReport(comparison).plot().svg()
    #expect(svg.contains("&lt;/text&gt;&lt;script&gt;") && !svg.contains("<script"))
    #expect(!svg.contains("\u{1}"))
    let root = try XMLReader.read(Array(svg.utf8), path: "plot.svg")
    #expect(root.name == "svg" && root.children.count > 40)
  }

  @Test("precision over recall is a falling staircase")
  func staircase() {
    let detections = [true, false, true, true, false, false].enumerated().map {
      (score: 1 - Double($0.offset) / 10, isHit: $0.element)
    }
    let curve = ScoreSweep(detections, objects: 4).precisionOverRecall
    #expect(curve.map(\.x) == [0.75, 0.75, 0.25, 0.25, 0])
    #expect(curve.map(\.y) == [0, 0.75, 0.75, 1, 1])
  }
}
