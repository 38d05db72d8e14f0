import Foundation
import TestSupport
import Testing

@testable import Annotations
@testable import Evaluation

@Suite("COCO's figures")
struct PycocotoolsTests {
  private func golden() throws -> [[Double]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/evaluation/pycocotools-cases.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { Double($0) }
    }
  }

  private func figures(_ random: RandomCase) throws -> COCOFigures {
    let truth = try COCOReader(path: "truth.json", honorsIgnore: false).read(random.truth)
    let file = try PredictionFile(random.predictions, path: "results.json")
    guard case .results(let results) = file.content else {
      Issue.record("results were read as something else")
      return COCOFigures()
    }
    let matching = try ClassMatching(
      truth: truth, model: .init(names: truth.categories.map(\.name), isComplete: true))
    let outcome = try ComparisonBuilder(truth: truth, matching: matching).compare(results)
    return COCOEvaluation(outcome.comparison).figures
  }

  @Test(
    "a thousand cases with crowds, empty images, ties and too many detections equal pycocotools'"
  )
  func randomCases() throws {
    let golden = try golden()
    #expect(golden.count == 1000)
    var largest = 0.0
    for (seed, expected) in golden.enumerated() {
      let found = try figures(RandomCase(seed: UInt64(seed)))
      #expect(expected.count == 12)
      for (name, value) in zip(COCOFigures.Name.allCases, expected) {
        let difference = abs(found[name] - value)
        largest = max(largest, difference)
        #expect(difference < 1e-9, "seed \(seed), \(name): \(found[name]) instead of \(value)")
      }
    }
    #expect(largest < 1e-9)
  }
}
