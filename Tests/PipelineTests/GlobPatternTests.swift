import Testing

@testable import Pipeline

struct GlobPatternTests {
  @Test(
    "a part matches as in the shell",
    arguments: [
      ("*.mp4", "a.mp4", true), ("*.mp4", "a.mp4x", false), ("*", "", true),
      ("a*b*c", "axxbyyc", true),
      ("a*b*c", "axxbyy", false), ("?", "ä", true), ("??", "a", false), ("[abc]x", "bx", true),
      ("[a-c]", "d", false), ("[!a-c]", "d", true), ("[^a-c]", "b", false), ("[]x]", "]", true),
      ("[", "[", true), ("a[", "a[", true), ("[a", "[a", true), ("*.mp4", ".mp4", false),
      (".*", ".hidden", true), ("**", "abc", true), ("cam[0-9][0-9]*", "cam07_x", true),
      ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ])
  func matches(part: String, name: String, expected: Bool) {
    #expect(GlobPattern.matches(part, name) == expected)
  }

  @Test("patterns and paths are told apart")
  func isPattern() {
    #expect(GlobPattern.isPattern("a/*.mp4"))
    #expect(GlobPattern.isPattern("a[1].mp4"))
    #expect(!GlobPattern.isPattern("a/b.mp4"))
  }
}
