import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures
@testable import Output

@Suite("Image files", .requires(.ffmpegPrograms))
struct ImageFileTests {
  @Test(
    "a picture reads back as it was written, at even and odd sizes",
    arguments: [("a.png", 64, 48), ("b.png", 33, 17), ("c.jpg", 64, 48), ("d.JPEG", 33, 17)])
  func roundTrip(name: String, width: Int, height: Int) throws {
    let folder = try ScratchFolder()
    let picture = try testPicture(width: width, height: height)
    try ImageFile.write(picture, path: folder(name))
    #expect(try probed(folder(name), "stream=width,height") == ["\(width),\(height)"])
    // The corner pixel is in the coloured block of the test picture.
    let bytes = try rgb(folder(name))
    let block = ClassPalette.color(of: 1)
    for (byte, expected) in zip(bytes, [block.red, block.green, block.blue]) {
      #expect(abs(Int(byte) - Int(expected)) < 12, "\(byte) for \(expected)")
    }
    #expect(folder.names == [name])
  }

  @Test("an unknown suffix and a missing folder are errors, and leave no file")
  func refused() throws {
    let folder = try ScratchFolder()
    let picture = try testPicture(width: 8, height: 8)
    #expect {
      try ImageFile.write(picture, path: folder("a.gif"))
    } throws: { ($0 as? MediaError)?.code == "output_format" }
    #expect {
      try ImageFile.write(picture, path: folder("none/a.png"))
    } throws: { ($0 as? MediaError)?.code == .outputFailed }
    #expect(folder.names.isEmpty)
  }

  @Test("a full disk is an error, and leaves no temporary file")
  func fullDisk() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder("a.jpg"), withDestinationPath: "/dev/full")
    #expect {
      try ImageFile.write(testPicture(width: 64, height: 64), path: folder("a.jpg"))
    } throws: { error in
      (error as? MediaError)?.message.contains("No space left") == true
    }
    #expect(folder.names == ["a.jpg"], "the link to the device")
  }

  @Test(
    "any label becomes a safe path component",
    arguments: [
      ("person", "person"), ("traffic light", "traffic_light"),
      ("../../etc/passwd", "_._.._etc_passwd"),
      ("a/b\\c:d", "a_b_c_d"), ("", "_"), (".hidden", "_hidden"), ("人物-1.5", "人物-1.5"),
      ("\u{0}\n", "__"),
    ])
  func safeName(name: String, expected: String) {
    #expect(ImageFile.safeName(name) == expected)
  }

  @Test("a long label is cut off between characters")
  func longName() {
    let safe = ImageFile.safeName(String(repeating: "é", count: 400))
    #expect(safe.utf8.count == 100 && safe.allSatisfy { $0 == "é" })
  }
}
