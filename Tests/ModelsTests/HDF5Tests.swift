import Foundation
import Layers
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// Files that h5py wrote, see `scripts/make-hdf5-golden.py`.
@Suite("HDF5 files")
struct HDF5Tests {
  private static let path = checkout.appending(path: "Tests/Golden/hdf5.h5").path

  private func source() throws -> ImportSource { try Importer.read(Self.path) }

  @Test(
    "numbers of every format are read, in the order of the file",
    arguments: ["f2", "f4", "f8", "i4", "i8", "u4"])
  func formats(name: String) throws {
    let tensor = try #require(try source().tensors["numbers/\(name)"])
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.read() == [0, 1, 2, 3, 4, 5])
  }

  @Test("a number by itself and an array of none are read")
  func smallest() throws {
    let tensors = try source().tensors
    #expect(try tensors["numbers/scalar"]?.shape == [] && tensors["numbers/scalar"]?.read() == [7])
    #expect(
      try tensors["numbers/empty"]?.shape == [0, 3] && tensors["numbers/empty"]?.read() == [])
  }

  @Test("a group with more entries than one node of its tree holds is read whole")
  func manyEntries() throws {
    let tensors = try source().tensors
    for index in 0..<18 {
      let layer = "layer_\(index < 10 ? "0" : "")\(index)"
      let values = try tensors["model_weights/\(layer)/\(layer)/bias:0"]?.read()
      #expect(values == (0..<3).map { Float(1000 * index + $0) }, "\(layer)")
    }
  }

  @Test("texts, links and big-endian numbers are no weights")
  func passedOver() throws {
    let names = try source().tensors.keys
    for name in ["text", "link", "numbers/big_endian"] { #expect(!names.contains(name)) }
  }

  @Test("compressed numbers are refused by name", arguments: ["packed", "unwritten"])
  func compressed(name: String) throws {
    let tensor = try #require(try source().tensors["numbers/\(name)"])
    let error = try #require(throws: ModelFileError.self) { try tensor.read() }
    #expect(error.code == .unsupportedFormat && error.message.contains("numbers/\(name)"))
  }

  @Test("a file that is cut anywhere is an error or has fewer tensors, and never a crash")
  func cut() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.path)))
    try inTemporaryFolder { folder in
      let path = "\(folder)/cut.h5"
      for length in stride(from: 8, to: bytes.count, by: 997) {
        try Data(bytes.prefix(length)).write(to: URL(filePath: path))
        let error = try #require(throws: ModelFileError.self) {
          for tensor in try Importer.read(path).tensors.values { _ = try tensor.read() }
        }
        #expect(error.message.contains("HDF5"), "\(length) bytes: \(error.message)")
      }
    }
  }

  @Test("a group that contains itself is refused in bounded time")
  func cycle() throws {
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.path)))
    // Every object header that an entry names becomes the root's.
    let root = Array(bytes[64..<72])
    for node in bytes.indices.dropLast(4) where bytes[node..<node + 4].elementsEqual("SNOD".utf8) {
      for entry in stride(from: node + 8, to: min(node + 8 + 40 * 8, bytes.count - 40), by: 40) {
        bytes.replaceSubrange(entry + 8..<entry + 16, with: root)
      }
    }
    try inTemporaryFolder { folder in
      let path = "\(folder)/cycle.h5"
      try Data(bytes).write(to: URL(filePath: path))
      let error = try #require(throws: ModelFileError.self) { try Importer.read(path) }
      #expect(error.message.contains("nested") || error.code == .tooLarge)
    }
  }
}
