import Foundation
import Layers
import TestSupport
import Testing
@testable import Support

@Suite("safetensors")
struct SafetensorsTests {
  @Test("a file is read back as written, aligned, with its metadata")
  func roundTrip() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/a.safetensors"
      let metadata = ["text": "quote \" backslash \\ tab \t zero \u{0} é 🦆", "": "empty"]
      try SafetensorsFile.write(
        to: path,
        tensors: [
          WritableTensor(
            name: "half", type: .float16, shape: [3], bytes: [0, 0x3C, 0, 0xC0, 1, 0]),
          WritableTensor(name: "grid", shape: [2, 2], [1, -2.5, .pi, 0x1p-140]),
          WritableTensor(name: "none", shape: [0, 4], []),
          WritableTensor(name: "scalar", type: .int64, shape: [], bytes: [7, 0, 0, 0, 0, 0, 0, 0]),
        ], metadata: metadata)
      let file = try SafetensorsFile(path: path)
      #expect(file.names == ["grid", "half", "none", "scalar"])
      #expect(file.metadata == metadata)
      #expect(file.tensor("grid")?.floats() == [1, -2.5, .pi, 0x1p-140])
      #expect(file.tensor("grid")?.shape == [2, 2])
      #expect(file.tensor("half")?.floats() == [1, -2, 0x1p-24])
      #expect(file.tensor("none")?.floats() == [])
      #expect(file.tensor("scalar")?.floats() == [7])
      #expect(file.tensor("scalar")?.shape == [])
      #expect(file.tensor("other") == nil)
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
      let header = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect((header + 8) % 64 == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.safetensors"])
    }
  }

  @Test("every format is converted to Float")
  func widening() throws {
    let cases: [(String, [UInt8], [Float])] = [
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], [1.5]), ("F32", [0, 0, 0xC0, 0x3F], [1.5]),
      ("F16", [0, 0x3E], [1.5]), ("BF16", [0xC0, 0x3F], [1.5]),
      ("I64", [0xFE, 255, 255, 255, 255, 255, 255, 255], [-2]),
      ("I32", [0xFE, 255, 255, 255], [-2]),
      ("I16", [0xFE, 255], [-2]), ("I8", [0xFE], [-2]), ("U64", [1, 1, 0, 0, 0, 0, 0, 0], [257]),
      ("U32", [1, 1, 0, 0], [257]), ("U16", [1, 1], [257]), ("U8", [0xFE], [254]),
      ("BOOL", [2, 0], [1, 0]),
    ]
    try inTemporaryFolder { folder in
      for (type, bytes, expected) in cases {
        let path = folder + "/\(type)"
        let json =
          #"{"x":{"dtype":"\#(type)","shape":[\#(expected.count)],"data_offsets":[0,\#(bytes.count)]}}"#
        try write(safetensors(json, bytes), to: path)
        let tensor = try #require(try SafetensorsFile(path: path).tensor("x"))
        #expect(tensor.floats() == expected, "\(type)")
        #expect(tensor.type.rawValue == type)
        #expect(tensor.count == expected.count)
      }
    }
    #expect(Set(cases.map(\.0)) == Set(ElementType.allCases.map(\.rawValue)))
  }

  @Test("all 65536 binary16 numbers are converted exactly")
  func halfPrecision() {
    for bits in UInt16.min...UInt16.max {
      let value = Float(halfBits: bits)
      let expected = Float(Float16(bitPattern: bits))
      #expect(value.isNaN ? expected.isNaN : value.bitPattern == expected.bitPattern, "\(bits)")
    }
  }

  @Test("missing, irregular and empty files have their own error codes")
  func noFile() throws {
    try inTemporaryFolder { folder in
      #expect(code(of: folder + "/missing") == .notFound)
      #expect(code(of: folder) == .notAFile)
      try write([], to: folder + "/empty")
      #expect(code(of: folder + "/empty") == .empty)
      let made = unsafe mkfifo(folder + "/pipe", 0o600)
      #expect(made == 0)
      #expect(code(of: folder + "/pipe") == .notAFile)
      try write([1, 2, 3], to: folder + "/short")
      #expect(code(of: folder + "/short") == .truncated)
    }
  }

  @Test("a failed write leaves only the old file")
  func failedWrite() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/a"
      try SafetensorsFile.write(to: path, tensors: [WritableTensor(name: "x", shape: [1], [1])])
      #expect(throws: SafetensorsError.self) {
        try writeAtomically(to: path, failure: { SafetensorsError($0) }) {
          (file) throws(SafetensorsError) in
          do throws(FileError) { try file.write([1, 2, 3]) } catch {
            throw SafetensorsError(error)
          }
          throw SafetensorsError(.diskFull, path: path, message: "", remedy: "")
        }
      }
      #expect(try SafetensorsFile(path: path).tensor("x")?.floats() == [1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
      do throws(SafetensorsError) {
        try SafetensorsFile.write(to: folder + "/no/folder", tensors: [])
        Issue.record("wrote into a folder that does not exist")
      } catch {
        #expect(error.code == .writeFailed)
      }
    }
  }
}

/// The error code of opening `path`, or `nil` if it succeeds.
func code(of path: String) -> SafetensorsError.Code? {
  do throws(SafetensorsError) {
    _ = try SafetensorsFile(path: path)
    return nil
  } catch {
    return error.code
  }
}

/// A file of `json` and `data`.
func safetensors(_ json: String, _ data: [UInt8] = []) -> [UInt8] {
  let header = [UInt8](json.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
}

func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(filePath: path))
}

/// Lends a new folder and removes it afterwards.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

func bytes(of path: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(filePath: path)))
}
