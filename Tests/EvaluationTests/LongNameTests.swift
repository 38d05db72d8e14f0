import Testing

@testable import Evaluation

@Suite("Long names")
struct LongNameTests {
  /// Writing out the ends of such a path took its square: 20 GB for this one.
  @Test("a path with very many folders takes time in proportion to its length")
  func manyFolders() throws {
    let long = String(repeating: "a/", count: 100_000)
    let assignment = try FrameAssignment(
      images: ["b.jpg", "a/c.jpg", long + "d.png", "/e.jpg"],
      frames: [long + "b.jpg", long + "c.jpg", "x/" + long + "d.jpg", long + "x"])
    #expect(assignment.frames == [0, 1, 2, nil] && assignment.unassigned == [3])
    let dots = String(repeating: "./", count: 100_000)
    #expect(try FrameAssignment(images: [dots + "a.jpg"], frames: ["a.jpg"]).frames == [0])
  }

  @Test("accents may be composed in one name and not in the other")
  func accents() throws {
    let assignment = try FrameAssignment(
      images: ["v/e\u{301}.jpg"], frames: ["w/v/\u{E9}.jpg"])
    #expect(assignment.frames == [0])
  }
}
