import Layers
import TestSupport
import Testing

@testable import Models
@testable import ModelImport

@Suite("invalid checkpoints")
struct HostileCheckpointTests {
  static let writer = CheckpointWriter(tensors: [.init("a.weight", [2, 2], [1, 2, 3, 4])])

  static let pickles: [(String, [UInt8], ModelFileError.Code)] = {
    let system = writer.global("os", "system")
    let command: [UInt8] = [0x58, 2, 0, 0, 0] + [UInt8]("ls".utf8) + [0x85, 0x52, 0x2E]
    let stack: [UInt8] = [0x8C, 8] + [UInt8]("builtins".utf8) + [0x8C, 4] + [UInt8]("eval".utf8)
    let ordered = writer.global("collections", "OrderedDict")
    return [
      ("calls os.system", [0x80, 2] + system + command, .unsafePickle),
      ("calls eval", [0x80, 4] + stack + [0x93, 0x2E], .unsafePickle),
      ("makes a storage", [0x80, 2] + writer.global("torch", "load") + command, .unsafePickle),
      ("gives OrderedDict a text", [0x80, 2] + ordered + command, .damaged),
      ("builds an object", [0x80, 2, 0x29, 0x81, 0x2E], .unsafePickle),
      (
        "repeats a list",
        [0x80, 2] + ordered + [0x71, 0, 0x30, 0x5D, 0x71, 1, 0x28]
          + (0..<100).flatMap { _ in [0x5D, 0x28, 0x4E, 0x4E, 0x65] as [UInt8] } + [0x65, 0x30]
          + (0..<100).flatMap { _ in [0x68, 0, 0x68, 1, 0x85, 0x52, 0x30] as [UInt8] } + [
            0x4E, 0x2E,
          ],
        .damaged
      ),
      ("has an INST", [0x80, 2, 0x28, 0x69] + [UInt8]("os\nsystem\n".utf8), .unsafePickle),
      ("calls a number", [0x80, 2, 0x4B, 1, 0x29, 0x52, 0x2E], .unsafePickle),
      ("sets attributes of a number", [0x80, 2, 0x4B, 1, 0x4E, 0x62, 0x2E], .unsafePickle),
      ("refers to a module", [0x80, 2, 0x29, 0x51, 0x2E], .unsafePickle),
      ("is empty", [], .damaged),
      ("is not terminated", [0x80, 2, 0x4E], .damaged),
      ("is of protocol 9", [0x80, 9, 0x4E, 0x2E], .damaged),
      ("pops nothing", [0x80, 2, 0x30, 0x2E], .damaged),
      ("pops beyond its mark", [0x80, 2, 0x4E, 0x28, 0x30, 0x2E], .damaged),
      ("has no mark", [0x80, 2, 0x74, 0x2E], .damaged),
      ("recalls nothing", [0x80, 2, 0x68, 7, 0x2E], .damaged),
      ("claims a text of 2^63 bytes", [0x80, 4, 0x8D, 0, 0, 0, 0, 0, 0, 0, 0x80], .damaged),
      ("claims a text of 4 GB", [0x80, 2, 0x58, 255, 255, 255, 255, 0x41], .damaged),
      (
        "has a number of 200 bytes", [0x80, 2, 0x8A, 200] + [UInt8](repeating: 1, count: 200),
        .damaged
      ),
      ("has a text that is not UTF-8", [0x80, 2, 0x8C, 1, 0xFF, 0x2E], .damaged),
      ("sets items of a tuple", [0x80, 2, 0x29, 0x4E, 0x4E, 0x73, 0x2E], .damaged),
      ("sets half an item", [0x80, 2, 0x7D, 0x28, 0x4E, 0x75, 0x2E], .damaged),
      ("is a number", [0x80, 2, 0x4B, 1, 0x2E], .unsupportedFormat),
      ("holds a number", [0x80, 2, 0x7D, 0x8C, 1, 0x61, 0x4B, 1, 0x73, 0x2E], .unsupportedFormat),
      (
        "nests a million tuples",
        [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E], .unsupportedFormat
      ),
      ("holds itself", [0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E], .unsupportedFormat),
      (
        "is a dictionary in itself",
        [0x80, 2, 0x7D, 0x71, 0, 0x8C, 5] + [UInt8]("model".utf8) + [0x68, 0, 0x73, 0x2E],
        .unsupportedFormat
      ),
    ]
  }()

  @Test("an invalid pickle gives its error code, and nothing is executed", arguments: pickles)
  func pickle(problem: String, pickle: [UInt8], expected: ModelFileError.Code) throws {
    try inTemporaryFolder { folder in
      let zip = ZipWriter(members: [("archive/data.pkl", pickle)])
      try write(zip.bytes(), to: folder + "/a.pth")
      do throws(ModelFileError) {
        _ = try Importer.read(folder + "/a.pth")
        Issue.record("a pickle that \(problem) was read")
      } catch {
        #expect(error.code == expected, "a pickle that \(problem): \(error)")
        if problem.contains("os.") { #expect(error.message.contains("os.system")) }
      }
    }
  }

  static let greedy: [(String, [UInt8])] = {
    func many(_ opcode: UInt8, _ count: Int = PickleLimits.values + 1) -> [UInt8] {
      [UInt8](repeating: opcode, count: count)
    }
    var recalls: [UInt8] = [0x68, 0]
    while recalls.count < 2 * PickleLimits.values { recalls += recalls }
    return [
      ("many bytes", many(0x4E, PickleLimits.bytes)), ("None", many(0x4E)),
      ("copies", [0x4E] + many(0x32)), ("empty tuples", many(0x29)), ("empty lists", many(0x5D)),
      ("empty dictionaries", many(0x7D)), ("marks", many(0x28)), ("memos", [0x4E] + many(0x94)),
      ("recalls", [0x4E, 0x71, 0] + recalls),
    ]
  }()

  @Test("a pickle of very many values is refused", arguments: greedy)
  func tooManyValues(what: String, opcodes: [UInt8]) throws {
    try inTemporaryFolder { folder in
      let zip = ZipWriter(members: [("archive/data.pkl", [0x80, 4] + opcodes + [0x2E])])
      try write(zip.bytes(), to: folder + "/a.pth")
      let found = code { _ = try Importer.read(folder + "/a.pth") }
      #expect(found == .tooLarge, "\(what)")
    }
  }

  @Test("very many tensors are refused before hundreds of networks are tried on them")
  func manyTensors() throws {
    try inTemporaryFolder { folder in
      let writer = CheckpointWriter(
        tensors: (0..<10_001).map { .init("t\($0)", [1], [1]) })
      try write(writer.archive(), to: folder + "/a.pth")
      let request = ImportRequest(path: folder + "/a.pth", output: folder + "/b.safetensors")
      #expect(code { try Importer.run(request) } == .tooLarge)
    }
  }

  @Test("a long key or name isn't looked up again and again")
  func longKeys() throws {
    let key = String(repeating: "k", count: 100_000)
    try inTemporaryFolder { folder in
      var tensor = CheckpointWriter.Tensor("a.weight", [1], [1])
      tensor.name = key
      try write(CheckpointWriter(tensors: [tensor]).archive(), to: folder + "/a.pth")
      #expect(code { _ = try Importer.read(folder + "/a.pth") } == .unsupportedFormat)
    }
  }

  @Test("a tensor that repeats a few numbers millions of times is refused")
  func repeated() throws {
    try inTemporaryFolder { folder in
      for (shape, strides, expected) in [
        ([100_000, 1280], [0, 0], ModelFileError.Code.tooLarge),
        ([1 << 9, 1 << 8], [0, 1], .tooLarge),
        ([1 << 8, 1 << 8], [0, 1], nil),
      ] {
        let tensor = CheckpointWriter.Tensor(
          "a", shape, [Float](repeating: 1, count: 256), strides: strides)
        try write(CheckpointWriter(tensors: [tensor]).archive(), to: folder + "/a.pth")
        #expect(code { _ = try Importer.read(folder + "/a.pth") } == expected, "\(shape)")
      }
      let tensor = CheckpointWriter.Tensor(
        "a", [3, 2], [9, 1, 2, 3, 4, 5, 6], strides: [1, 3], offset: 1)
      try write(CheckpointWriter(tensors: [tensor]).archive(), to: folder + "/a.pth")
      let read = try Importer.read(folder + "/a.pth").tensors["a"]?.read()
      #expect(read == [1, 4, 2, 5, 3, 6])
    }
  }

  @Test("a zip directory of very many members is refused")
  func manyMembers() throws {
    try inTemporaryFolder { folder in
      let members =
        [("archive/data.pkl", Self.writer.pickle())]
        + (0..<150_000).map { ("archive/data/\($0)", [UInt8]()) }
      let zip = ZipWriter(members: members, isZip64: true)
      try write(zip.bytes(), to: folder + "/a.pth")
      #expect(code { _ = try Importer.read(folder + "/a.pth") } == .tooLarge)
    }
  }

  @Test("a tensor that exceeds its storage is rejected")
  func tensors() throws {
    let views: [CheckpointWriter.Tensor] = [
      .init("a", [5], [1, 2, 3, 4]), .init("a", [2], [1, 2], offset: 1),
      .init("a", [2], [1, 2], offset: -1), .init("a", [2], [1, 2], strides: [2]),
      .init("a", [2], [1, 2], strides: [-1]), .init("a", [-2], [1, 2], strides: [1]),
      .init("a", [2], [1, 2], strides: [1, 1]), .init("a", [2], [1, 2], strides: [.max]),
      .init("a", [.max, .max], [1], strides: [0, 0]), .init("a", [1], [1], offset: .max),
      .init("a", [3, 3], [1, 2], strides: [.max / 2, .max / 2]),
      .init("a", [0, .max, 4], [], strides: [1, 1, 1]),
    ]
    try inTemporaryFolder { folder in
      for view in views {
        try write(CheckpointWriter(tensors: [view]).archive(), to: folder + "/a.pth")
        #expect(code { _ = try Importer.read(folder + "/a.pth") } == .damaged, "\(view)")
      }
      var claim = CheckpointWriter.Tensor("a", [4], [1, 2, 3], strides: [1])
      claim.claimed = 4
      try write(CheckpointWriter(tensors: [claim]).archive(), to: folder + "/a.pth")
      #expect(code { _ = try Importer.read(folder + "/a.pth") } == .damaged)
    }
  }

  @Test("compressed or big-endian archives and other zip files are rejected")
  func archives() throws {
    let pickle = Self.writer.pickle()
    let cases: [(ZipWriter, ModelFileError.Code)] = [
      (ZipWriter(members: [("archive/data.pkl", pickle)], method: 8), .unsupportedFormat),
      (ZipWriter(members: [("archive/data.pkl", pickle)]), .damaged),
      (ZipWriter(members: [("word/document.xml", [1])]), .unsupportedFormat),
      (
        ZipWriter(members: [("a/data.pkl", pickle), ("a/constants.pkl", pickle)]),
        .unsupportedFormat
      ),
      (ZipWriter(members: [("a/data.pkl", pickle), ("b/data.pkl", pickle)]), .unsupportedFormat),
      (ZipWriter(members: [("a/data.pkl", pickle), ("a/data.pkl", pickle)]), .damaged),
      (
        ZipWriter(members: [("a/data.pkl", pickle), ("a/byteorder", [UInt8]("big".utf8))]),
        .unsupportedFormat
      ),
    ]
    try inTemporaryFolder { folder in
      for (zip, expected) in cases {
        try write(zip.bytes(), to: folder + "/a.pth")
        #expect(
          code { _ = try Importer.read(folder + "/a.pth") } == expected,
          "\(zip.members.map(\.name))")
      }
      try write(Array(Self.writer.archive().dropLast(10)), to: folder + "/a.pth")
      #expect(code { _ = try Importer.read(folder + "/a.pth") } == .damaged)
    }
  }

  @Test(
    "a damaged checkpoint is rejected or read, and never traps", arguments: 0..<9)
  func mutations(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var writer = CheckpointWriter(tensors: [
      .init("a.weight", [2, 3], [1, 2, 3, 4, 5, 6], strides: [1, 2]), .init("a.bias", [2], [1, 2]),
    ])
    writer.nesting = ["state_dict"]
    let forms = [writer.archive(), writer.archive(isZip64: true), writer.legacy()]
    let whole = forms[Int(seed % 3)]
    var rejected = 0
    try inTemporaryFolder { folder in
      for _ in 0..<300 {
        try write(mutated(whole, using: &random), to: folder + "/a.pth")
        do {
          for tensor in try Importer.read(folder + "/a.pth").tensors.values {
            // Tensors are read only after their shape was found to match.
            guard let count = checkedElementCount(tensor.shape), count < 1000 else { continue }
            #expect(try tensor.read().count == count)
          }
        } catch let error as ModelFileError {
          rejected += 1
          #expect(!error.message.isEmpty && !error.remedy.isEmpty)
        }
      }
    }
    #expect(rejected > 100, "seed \(seed): only \(rejected) of 300 were rejected")
  }
}
