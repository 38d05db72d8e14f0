import Testing

@testable import Media

@Suite("Decoder threads")
struct DecoderThreadTests {
  private let fullHD = 1920 * 1080

  @Test("FFmpeg chooses where all processors may be used")
  func free() {
    #expect(CodecContext.threads(0, pixels: fullHD, cores: 8, processors: 8) == 0)
    #expect(CodecContext.threads(3, pixels: fullHD, cores: 8, processors: 8) == 3)
  }

  @Test("a quota of a control group or an affinity limits what FFmpeg would take")
  func quota() {
    #expect(CodecContext.threads(0, pixels: fullHD, cores: 2, processors: 64) == 2)
    #expect(CodecContext.threads(0, pixels: fullHD, cores: 1, processors: 2) == 1)
    #expect(CodecContext.threads(5, pixels: fullHD, cores: 2, processors: 64) == 5)
  }

  @Test("the pictures of all threads fit a gigabyte")
  func large() {
    #expect(CodecContext.threads(0, pixels: 1 << 28, cores: 16, processors: 16) == 2)
    #expect(CodecContext.threads(8, pixels: 1 << 28, cores: 16, processors: 16) == 2)
    #expect(CodecContext.threads(0, pixels: 1 << 40, cores: 16, processors: 16) == 1)
  }
}
