import SSDLite
import TestSupport
import Testing
@testable import Geometry

@Suite struct BoxTests {
  @Test(
    "codes are decoded as by torchvision's BoxCoder, including the clamp",
    .requires(.shared))
  func torchvisionCoder() throws {
    let io = try referenceIO("anchors_nms")
    let codes = try io.floats("coder.codes")
    let priors = boxes(try io.floats("coder.anchors")).map(CenterBox.init)
    let decoded = priors.enumerated().map { row, prior in
      BoxCoder().decode(
        BoxCode(
          x: codes[row * 4], y: codes[row * 4 + 1], width: codes[row * 4 + 2],
          height: codes[row * 4 + 3]), prior: prior)
    }
    #expect(codes.contains { $0 * 0.2 > BoxCoder.largestLogRatio }, "at least one code is clamped")
    let expected = try io.floats("coder.decoded")
    let difference = Difference("decoded", corners(decoded), expected, absolute: 1e-3)
    #expect(difference.isWithin, "\(difference)")

    let clipped = decoded.map { $0.scaled(x: 1 / 320, y: 1 / 320).clipped.scaled(x: 320, y: 320) }
    let expectedClipped = try io.floats("coder.decoded_clipped_320")
    let clippedDifference = Difference("clipped", corners(clipped), expectedClipped, absolute: 1e-3)
    #expect(clippedDifference.isWithin, "\(clippedDifference)")
  }

  @Test("decoding the code of a box gives the box", arguments: 0..<20)
  func inverse(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let coder = BoxCoder(
      centerVariance: Float.random(in: 0.05...1, using: &random),
      sizeVariance: Float.random(in: 0.05...1, using: &random))
    for _ in 0..<50 {
      let box = BoundingBox.random(using: &random)
      let prior = CenterBox(.random(using: &random))
      let again = coder.decode(coder.encode(box, prior: prior), prior: prior)
      let difference = Difference(
        "seed \(seed)", corners([again]), corners([box]), absolute: 1e-5, relative: 1e-5)
      #expect(difference.isWithin, "\(difference)")
    }
  }

  @Test("an enormous or undefined code gives a box inside the frame or an empty one")
  func hostileCodes() {
    let prior = CenterBox(cx: 0.5, cy: 0.5, width: 0.2, height: 0.2)
    let values: [Float] = [
      0, 1e30, -1e30, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    for offset in values {
      for size in values {
        let wide = BoxCoder().decode(
          BoxCode(x: offset, y: 0, width: size, height: 0), prior: prior
        ).clipped
        let high = BoxCoder().decode(
          BoxCode(x: 0, y: offset, width: 0, height: size), prior: prior
        ).clipped
        // What lies far outside, has no width or is undefined covers nothing.
        let isInside = offset.magnitude < 1 && size >= 0
        #expect(wide.isEmpty != isInside && high.isEmpty != isInside, "\(offset), \(size)")
        guard isInside else { continue }
        let edges: [Float] = size < 1 ? [0.4, 0.6] : [0, 1]
        let expected = [edges[0], 0.4, edges[1], 0.6, 0.4, edges[0], 0.6, edges[1]]
        let difference = Difference("box", corners([wide, high]), expected, absolute: 1e-6)
        #expect(difference.isWithin, "\(offset), \(size): \(difference)")
      }
    }
  }

  @Test(
    "overlaps match torchvision's",
    .requires(.shared))
  func torchvisionOverlap() throws {
    let io = try referenceIO("anchors_nms")
    let rows = Array(boxes(try io.floats("nms.boxes")).prefix(64))
    let actual = rows.flatMap { a in rows.map { iou(a, $0) } }
    let difference = Difference(
      "iou", actual, try io.floats("box_iou.first64"), absolute: 1e-6, relative: 0)
    #expect(difference.isWithin, "\(difference)")
  }

  @Test("IoU is symmetric, between 0 and 1, 1 with itself, and 0 for boxes that only touch")
  func overlapProperties() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let a = BoundingBox.random(using: &random)
      let b = BoundingBox.random(using: &random)
      #expect(iou(a, b) == iou(b, a))
      #expect((0...1).contains(iou(a, b)))
      #expect(abs(iou(a, a) - 1) < 1e-6)
    }
    let left = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    let right = BoundingBox(xMin: 1, yMin: 0, xMax: 2, yMax: 1)
    #expect(iou(left, right) == 0)
  }

  @Test("a box with a NaN edge or without area is empty")
  func emptiness() {
    #expect(BoundingBox(xMin: .nan, yMin: 0, xMax: 1, yMax: 1).isEmpty)
    #expect(BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: .nan).isEmpty)
    #expect(BoundingBox(xMin: 0.5, yMin: 0, xMax: 0.5, yMax: 1).isEmpty)
    #expect(BoundingBox(xMin: 0.6, yMin: 0, xMax: 0.5, yMax: 1).isEmpty)
    #expect(!BoundingBox(xMin: 0.4, yMin: 0, xMax: 0.5, yMax: 1).isEmpty)
    #expect(BoundingBox(xMin: 2, yMin: 0, xMax: 3, yMax: 1).clipped.isEmpty)
  }
}
