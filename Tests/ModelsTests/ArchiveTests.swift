import Foundation
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

@Suite("Archives with weights")
struct ArchiveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inflate(_ bytes: [UInt8], pieces: Int = 3) throws(ModelFileError) -> [UInt8] {
    var rest = bytes[...]
    var inflater = Inflater(path: "a") {
      defer { rest = rest.dropFirst(pieces) }
      return Array(rest.prefix(pieces))
    }
    var result: [UInt8] = []
    try inflater.run { part in
      result += part
      return true
    }
    return result
  }

  @Test("stored blocks and fixed codes are inflated")
  func blocks() throws {
    // "abc" stored, written by hand; "aa" and eight bytes from one byte back with the fixed codes,
    // as zlib has it.
    #expect(try inflate([0x01, 3, 0, 0xFC, 0xFF, 97, 98, 99]) == Array("abc".utf8))
    #expect(try inflate([0x4B, 0x4C, 0x84, 0x01, 0x00]) == Array("aaaaaaaaaa".utf8))
  }

  @Test("what gzip compresses comes out as it was", arguments: ["-1", "-6", "-9"])
  func gzip(level: String) throws {
    var random = SplitMix64(seed: 5)
    var content: [UInt8] = []
    while content.count < 900_000 {
      // Noise, runs, and what was there long before.
      switch Int.random(in: 0..<4, using: &random) {
      case 0: content += (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
      case 1: content += [UInt8](repeating: UInt8.random(in: 0...9, using: &random), count: 3000)
      case 2: content += content.suffix(32_768).prefix(4000)
      default: content += (0..<5000).map { _ in UInt8.random(in: 60...70, using: &random) }
      }
    }
    try folder.add("box/deep/other.bin", Data(content.reversed()))
    try folder.add("box/deep/weights.bin", Data(content))
    try folder.add("box/deep/empty", Data())
    try shell("tar cf - box | gzip \(level) -n > a.tar.gz")
    let archive = try #require(try GzippedTar(path: folder.path + "/a.tar.gz"))
    let output = folder.path + "/out"
    for name in ["weights.bin", "deep/weights.bin", "box/deep/weights.bin"] {
      try archive.extract(name, to: output, limit: content.count)
      #expect(try [UInt8](Data(contentsOf: URL(filePath: output))) == content)
    }
    try archive.extract("empty", to: output, limit: 0)
    #expect(try Data(contentsOf: URL(filePath: output)).isEmpty)
    for (name, limit, code) in [
      ("eights.bin", content.count, ModelFileError.Code.notFound), ("deep", 9, .notFound),
      ("weights.bin", content.count - 1, .tooLarge),
    ] {
      let error = #expect(throws: ModelFileError.self) {
        try archive.extract(name, to: folder.path + "/none", limit: limit)
      }
      #expect(error?.code == code)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
  }

  @Test("damaged archives are errors, and other files no archives")
  func damaged() throws {
    try folder.add("box/weights.bin", Data((0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0) }))
    try shell("tar cf - box | gzip -9 -n > a.tar.gz")
    let whole = try [UInt8](Data(contentsOf: URL(filePath: folder.path + "/a.tar.gz")))
    var random = SplitMix64(seed: 8)
    for turn in 0..<400 {
      var bytes = whole
      if turn < 100 {
        bytes.removeLast(Int.random(in: 1..<(bytes.count - 20), using: &random))
      } else {
        for _ in 0...Int.random(in: 0..<4, using: &random) {
          let place = Int.random(in: 3..<bytes.count, using: &random)
          bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
      }
      let path = try folder.add("b.tar.gz", Data(bytes))
      do throws(ModelFileError) {
        try GzippedTar(path: path)?.extract(
          "weights.bin", to: folder.path + "/out", limit: 1 << 20)
      } catch {
        #expect([.damaged, .notFound, .tooLarge].contains(error.code), "turn \(turn): \(error)")
      }
    }
    #expect(try GzippedTar(path: folder.add("c", "no archive, but long enough")) == nil)
  }

  @Test("an archive that inflates without end is refused, and what it holds is never kept")
  func bomb() throws {
    try shell("head -c 20000000 /dev/zero > zeros && tar cf - zeros | gzip -9 -n > a.tar.gz")
    let archive = try #require(try GzippedTar(path: folder.path + "/a.tar.gz"))
    for (name, code) in [("graph.pb", ModelFileError.Code.tooLarge), ("zeros", .tooLarge)] {
      let error = #expect(throws: ModelFileError.self) {
        try archive.extract(
          name, to: folder.path + "/none", limit: 1 << 20, whole: 1 << 22)
      }
      #expect(error?.code == code, "\(String(describing: error))")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
  }

  @Test(
    "a file of an absurd size is an error, or passed over",
    arguments: [
      (name: "graph.pb", size: "77777777777", type: "0", code: ModelFileError.Code.tooLarge),
      ("other.pb", "77777777777", "0", .notFound), ("graph.pb", "\u{80}", "0", .damaged),
      ("graph.pb", "zzz", "0", .damaged), ("graph.pb", "00000000010", "2", .notFound),
      ("graph.pb", "00000000010", "0", .damaged),
    ])
  func sizes(name: String, size: String, type: String, code: ModelFileError.Code) throws {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ place: Int) {
      let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      header.replaceSubrange(place..<place + bytes.count, with: bytes)
    }
    put(name, 0)
    put(size, 124)
    put(type, 156)
    try folder.add("a.tar", Data(header))
    try shell("gzip -9 -n a.tar")
    let archive = try #require(try GzippedTar(path: folder.path + "/a.tar.gz"))
    let error = #expect(throws: ModelFileError.self) {
      try archive.extract("graph.pb", to: folder.path + "/none", limit: 1 << 20)
    }
    #expect(error?.code == code, "\(String(describing: error))")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
  }

  private func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
