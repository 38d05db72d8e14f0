import Support
import Testing

@Suite("Parts of paths")
struct PathPartsTests {
  @Test(
    "every path has a folder above it",
    arguments: [
      ("", ".."), (".", ".."), ("..", "../.."), ("/", "/"), ("//", "/"), ("a", "."), ("é", "."),
      ("./", ".."), ("a/", "."), ("a//", "."), ("a/b", "a"), ("a//b/", "a"), ("/a", "/"),
      ("//a", "/"), ("./a", "."), ("../a", ".."), ("a/..", "a/../.."), ("a/.", "a/.."),
      ("/.", "/.."), ("...", "."), ("a/\u{301}b", "a"), ("x/y/z", "x/y"),
    ])
  func parents(path: String, expected: String) {
    #expect(PathParts.parent(of: path).utf8.elementsEqual(expected.utf8))
  }
}
