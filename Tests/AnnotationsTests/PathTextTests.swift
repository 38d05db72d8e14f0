import Support
import Testing

@Suite("Paths as bytes")
struct PathTextTests {
  @Test(
    "every path has a folder above it",
    arguments: [
      ("", ".."), (".", ".."), ("..", "../.."), ("/", "/"), ("//", "/"), ("a", "."), ("é", "."),
      ("./", ".."), ("a/", "."), ("a//", "."), ("a/b", "a"), ("a//b/", "a"), ("/a", "/"),
      ("//a", "/"), ("./a", "."), ("../a", ".."), ("a/..", "a/../.."), ("a/.", "a/.."),
      ("/.", "/.."), ("...", "."), ("a/\u{301}b", "a"), ("x/y/z", "x/y"),
    ])
  func parents(path: String, expected: String) {
    #expect(PathText.folder(above: path).utf8.elementsEqual(expected.utf8))
  }

  @Test(
    "the suffix is what follows the last dot of the file's name",
    arguments: [
      ("a.MKV", "mkv"), ("a.b/c", ""), (".hidden", ""), ("a.tar.gz", "gz"), ("a.", ""), ("", ""),
      ("x/.y.txt", "txt"),
    ])
  func suffixes(path: String, expected: String) {
    #expect(PathText.suffix(of: path) == expected)
  }

  @Test("paths are split at bytes, whatever follows a slash")
  func bytes() {
    #expect(
      PathText.parent(of: "a/\u{301}b") == "a" && PathText.name(of: "a/\u{301}b") == "\u{301}b")
    #expect(PathText.components(of: "../\u{301}x//y/") == ["..", "\u{301}x", "y"])
    #expect(PathText.parent(of: "/a") == "/" && PathText.parent(of: "/") == "/")
    #expect(PathText.parent(of: "a//") == "" && PathText.parent(of: "a//b/") == "a")
    #expect(PathText.join("a/\u{301}", "b") == "a/\u{301}/b" && PathText.join("a/", "b") == "a/b")
  }

  @Test("what is in a folder is told by whole names")
  func within() {
    #expect(PathText.isPath("/a/b", within: "/a") && PathText.isPath("/a", within: "/a"))
    #expect(PathText.isPath("/a", within: "/") && !PathText.isPath("/ab", within: "/a"))
  }
}
