import Backbone
import Foundation
import SSDLite
import TestSupport
import Testing
@testable import Geometry

/// The post-processor's shortcuts compared with scoring every prior.
@Suite struct PostprocessorTests {
  static let classes = 7
  static let thresholds: [Float] = [-1, 0, 1e-6, 0.02, 0.3, 0.5, 0.9, 0.999, 1, 2]

  /// A detector of which only the scoring matters.
  static func specification(_ scoring: Scoring) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: .mobileNetV2, classes: classes, inputHeight: 64, inputWidth: 64, padding: .even,
      priors: .tensorFlow(TensorFlowPriors()), scoring: scoring)
  }

  struct Frame {
    let priors: [CenterBox]
    var logits: [Float]
    var codes: [Float]

    init(seed: Int) throws {
      var random = SplitMix64(seed: UInt64(seed))
      priors = try PostprocessorTests.specification(.softmax).makePriors()
      logits = (0..<priors.count * classes).map { index in
        // Background has the largest logit in most rows, as in a trained detector.
        .random(in: -6...6, using: &random) + (index.isMultiple(of: classes) ? 3 : 0)
      }
      codes = (0..<priors.count * 4).map { _ in .random(in: -8...8, using: &random) }
    }

    func run(_ scoring: Scoring, _ options: DetectionOptions) -> [Detection] {
      var postprocessor = Postprocessor(
        specification: specification(scoring), priors: priors, options: options)
      return postprocessor.detections(logits: logits.span, codes: codes.span)
    }

    /// Every score of every prior, in single precision and without shortcuts.
    func naive(_ scoring: Scoring, _ options: DetectionOptions) -> [Detection] {
      var candidates: [Detection] = []
      for classID in 1..<classes where options.classes?.contains(classID) ?? true {
        let scored = priors.indices.map { (prior: $0, score: score(scoring, $0, classID)) }
          .filter { $0.score >= options.scoreThreshold }
          .sorted { ($1.score, $0.prior) < ($0.score, $1.prior) }
        for (prior, score) in scored.prefix(options.topKPerClass) {
          let code = BoxCode(
            x: codes[prior * 4], y: codes[prior * 4 + 1], width: codes[prior * 4 + 2],
            height: codes[prior * 4 + 3])
          let box = BoxCoder().decode(code, prior: priors[prior]).clipped
          if !box.isEmpty {
            candidates.append(Detection(classID: classID, score: score, box: box))
          }
        }
      }
      var kept: [Detection] = []
      let order = candidates.indices.sorted {
        (candidates[$1].score, $0) < (candidates[$0].score, $1)
      }
      for candidate in order.map({ candidates[$0] }) where kept.count < options.maximumDetections {
        let isCovered = kept.contains {
          (options.isClassAgnostic || $0.classID == candidate.classID)
            && iou($0.box, candidate.box) > options.iouThreshold
        }
        if !isCovered { kept.append(candidate) }
      }
      return kept
    }

    private func score(_ scoring: Scoring, _ prior: Int, _ classID: Int) -> Float {
      let row = logits[prior * classes..<(prior + 1) * classes]
      let logit = row[row.startIndex + classID]
      switch scoring {
      case .sigmoid: return 1 / (1 + exp(-logit))
      case .softmax:
        let largest = row.reduce(-Float.infinity) { max($0, $1) }
        return exp(logit - largest) / row.reduce(0) { $0 + exp($1 - largest) }
      }
    }
  }

  @Test(
    "detections equal those from scoring every prior", arguments: Scoring.allCases, 0..<6)
  func naive(scoring: Scoring, seed: Int) throws {
    let frame = try Frame(seed: seed)
    for threshold in Self.thresholds {
      var options = DetectionOptions(scoreThreshold: threshold, iouThreshold: 0.5)
      #expect(
        frame.run(scoring, options) == frame.naive(scoring, options), "\(threshold), seed \(seed)")
      options.isClassAgnostic = true
      options.topKPerClass = 11
      options.maximumDetections = 5
      options.classes = [0, 2, 5, 99]
      #expect(
        frame.run(scoring, options) == frame.naive(scoring, options), "\(threshold), seed \(seed)")
    }
  }

  @Test("scores of exactly the threshold are reported", arguments: Scoring.allCases)
  func atThreshold(scoring: Scoring) throws {
    let frame = try Frame(seed: 9)
    let all = frame.run(
      scoring, DetectionOptions(scoreThreshold: 0.01, iouThreshold: 1, maximumDetections: .max))
    for detection in all where detection.score < 1 {
      let options = DetectionOptions(
        scoreThreshold: detection.score, iouThreshold: 1, maximumDetections: .max)
      #expect(frame.run(scoring, options).contains(detection))
    }
  }

  @Test("NaN and infinite outputs are never reported and never trap", arguments: Scoring.allCases)
  func notFinite(scoring: Scoring) throws {
    let values: [Float] = [.nan, .infinity, -.infinity, 1e38, -1e38, -.nan]
    for seed in 0..<6 {
      var frame = try Frame(seed: seed)
      var random = SplitMix64(seed: UInt64(seed) + 100)
      for _ in 0..<200 {
        let logit = Int.random(in: 0..<frame.logits.count, using: &random)
        let code = Int.random(in: 0..<frame.codes.count, using: &random)
        frame.logits[logit] = values[Int.random(in: 0..<values.count, using: &random)]
        frame.codes[code] = values[Int.random(in: 0..<values.count, using: &random)]
      }
      for threshold in Self.thresholds + [.nan, .infinity, -.infinity] {
        let detections = frame.run(
          scoring, DetectionOptions(scoreThreshold: threshold, iouThreshold: 0.5))
        for detection in detections {
          #expect((0...1).contains(detection.score), "seed \(seed)")
          #expect(detection.score >= threshold)
          #expect(!detection.box.isEmpty)
          #expect(corners([detection.box]).allSatisfy { (0...1).contains($0) }, "seed \(seed)")
        }
      }
    }
  }

  @Test("a frame whose logits are all NaN has no detections", arguments: Scoring.allCases)
  func onlyNaN(scoring: Scoring) throws {
    var frame = try Frame(seed: 1)
    frame.logits = frame.logits.map { _ in .nan }
    #expect(frame.run(scoring, DetectionOptions(scoreThreshold: 0, iouThreshold: 0.5)).isEmpty)
  }

  @Test("limits of zero or less give no detections", arguments: [0, -1, Int.min])
  func limits(limit: Int) throws {
    let frame = try Frame(seed: 2)
    var options = DetectionOptions(scoreThreshold: 0.1, iouThreshold: 0.5)
    #expect(!frame.run(.sigmoid, options).isEmpty)
    options.maximumDetections = limit
    #expect(frame.run(.sigmoid, options).isEmpty)
    options.maximumDetections = 300
    options.topKPerClass = limit
    #expect(frame.run(.sigmoid, options).isEmpty)
  }
}
