import Foundation

@testable import Annotations
@testable import Configuration
@testable import Download
@testable import Evaluation
@testable import Layers
@testable import Media
@testable import ModelImport
@testable import Models
@testable import Pipeline
@testable import Report
@testable import Support

/// A reader of what comes from outside, fed with bytes.
///
/// Readers with few branches, and those of formats that look alike, share the time of one parser:
/// each gets all inputs.
struct Parser {
  let name: String
  let parse: @Sendable ([UInt8]) throws -> Void

  init(_ name: String, _ parse: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.parse = parse
  }

  static let all = models + downloads + annotations + arguments + media
}

// MARK: Models

private let models = [
  Parser("safetensors") { bytes in
    if let file = try? SafetensorsFile(path: scratch.write(bytes, "a.safetensors")) {
      for name in file.names { _ = file.tensor(name)?.floats() }
    }
    // As the header: a right length in front lets all of the input reach the JSON reader.
    _ = try? SafetensorsFile(path: scratch.write(container(bytes), "a.safetensors"))
    // As the description of a model within the header.
    let json = String(decoding: bytes, as: UTF8.self)
    let header = ["__metadata__": [ModelDescription.metadataKey: json]]
    let file = try container([UInt8](JSONEncoder().encode(header)))
    _ = try ModelFile(path: scratch.write(file, "m.safetensors"))
  },
  // Also HDF5, which is recognised by its first bytes.
  Parser("torch") { bytes in
    var source = try Importer.read(scratch.write(bytes, "a.pth"))
    for tensor in source.tensors.values {
      // What nobody asks for by its shape is never read.
      guard let count = checkedElementCount(tensor.shape), count < 1 << 16 else { continue }
      _ = try tensor.read()
    }
    try source.canonicalize()
  },
  Parser("onnx") { bytes in
    let path = try scratch.write(bytes, "a.onnx")
    try Importer.run(ImportRequest(path: path, output: scratch.path("a.safetensors")))
  },
  Parser("tflite") { bytes in
    let path = try scratch.write(bytes, "a.tflite")
    try Importer.run(ImportRequest(path: path, output: scratch.path("a.safetensors")))
  },
  Parser("frozen-graph") { bytes in
    let path = try scratch.write(bytes, "a.pb")
    try Importer.run(ImportRequest(path: path, output: scratch.path("a.safetensors")))
  },
  // The text of the layers and the weights, divided by the first zero.
  Parser("ncnn") { bytes in
    let text = bytes.prefix { $0 != 0 }
    try scratch.write(Array(bytes.dropFirst(text.count + 1)), "a.bin")
    var source = try Importer.read(scratch.write(Array(text), "a.param"))
    for tensor in source.tensors.values { _ = try tensor.read() }
    try source.canonicalize()
  },
  Parser("gzipped-tar") { bytes in
    let archive = try GzippedTar(path: scratch.write(bytes, "a.tar.gz"))
    try archive?.extract("b", to: scratch.path("b"), limit: 1 << 16)
  },
]

/// A safetensors file with some numbers behind its header.
private func container(_ header: [UInt8]) -> [UInt8] {
  let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
  return length + header + [UInt8](repeating: 0, count: 64)
}

// MARK: Downloads

private let downloads = [
  Parser("http") { bytes in
    let address = try WebAddress("https://example.org/a")
    var reader = ResponseReader(Replay(bytes), address)
    let head = try reader.head()
    _ = head.range
    _ = head.validator
    if let location = head["location"] { _ = try? address.redirected(to: location) }
    if let length = head.bodyLength { try reader.body(length) { _ in } }
  }
]

/// A connection over which some bytes come.
private final class Replay: ByteConnection {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  func write(_ bytes: [UInt8]) {}

  func read(upTo count: Int) -> [UInt8] {
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }
}

// MARK: Annotations

private let annotations = [
  Parser("annotations") { bytes in
    _ = try? COCOReader(path: "a.json", honorsIgnore: true).read(Data(bytes))
    try scratch.write(bytes, "voc/a.xml")
    _ = try? AnnotationSet(path: scratch.path("voc"))
    try scratch.write([UInt8]("a\nb\n".utf8), "yolo/classes.txt")
    try scratch.write(bytes, "yolo/a.txt")
    _ = try? AnnotationSet(path: scratch.path("yolo"))
    for name in ["data.yaml", "classes.txt"] {
      _ = try? ClassNameList(path: scratch.write(bytes, name)).read()
    }
    _ = try? LabelFile.read(scratch.write(bytes, "labels.txt"))
    _ = try? ZoneSettings(bytes, path: "zones.yaml")
    for name in ["foreign.xml", "foreign.txt", "foreign.json", "sequence/seqinfo.ini"] {
      let path = try scratch.write(bytes, name)
      _ = try? ForeignAnnotations(path: path) { _ in (640, 480) }
    }
    try scratch.write([UInt8]("1,1,1,1,1,1\n".utf8), "sequence/gt.txt")
    _ = try? ForeignAnnotations(path: scratch.path("sequence")) { _ in nil }
  },
  Parser("predictions") { bytes in
    if let frame = FrameScanner.frame(bytes) {
      let same = try? JSONDecoder().decode(FrameRecord.self, from: Data(bytes))
      precondition(same == frame, "read differently by the decoder")
    }
    _ = try? TrackableLine(bytes, path: "a.jsonl", number: 1)
    _ = try? MOTChallengeFile(String(decoding: bytes, as: UTF8.self), path: "gt.txt")
    var digest = RunDigest(keepsCourse: true)
    digest.beginFile()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      try? digest.take(Array(line), path: "a.jsonl", number: 1)
    }
    _ = ReportPage(digest, version: "").html()
    _ = digest.json(top: 5)
    _ = try PredictionFile(Data(bytes), path: "a.jsonl")
  },
]

// MARK: Arguments

private let arguments = [
  Parser("arguments") { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    _ = TimeSpan(text)
    _ = TimeRange(text)
    _ = TileGrid(text)
    var zones = ZoneSettings()
    _ = try? zones.add(zone: text, option: "--zone")
    _ = try? zones.add(line: text, option: "--line")
    _ = redacted(text)
    _ = redactedText(text)
    // A pattern and a name, divided by the first line end.
    let parts = text.split(separator: "\n", maxSplits: 1)
    let pattern = GlobPattern(String(parts.first ?? ""))
    for part in pattern.parts { _ = GlobPattern.matches(part, String(parts.last ?? "")) }
    _ = try? Proxy.for(WebAddress("https://example.org/a"), in: ["https_proxy": text])
    if let address = try? WebAddress(text) {
      precondition(!address.authority.contains("@") && address.target.hasPrefix("/"))
      precondition(address.target.utf8.allSatisfy { (0x21..<0x7F).contains($0) })
      _ = address.fileName.flatMap { ExpectedHash(fileName: $0) }
    }
    let name = bytes.filter { $0 != 0 }
    precondition(FileName.bytes(FileName.text(name)) == name, "\(name)")
    // Without patterns and folders, which would search this machine.
    guard !bytes.contains(where: { "*?[/.~".utf8.contains($0) }) else { return }
    for name in ["list.txt", "list.jsonl"] {
      _ = try? SourceList.expand(["@\(scratch.write(bytes, name))"])
    }
  }
]

// MARK: Media

private let media = [
  Parser("container-extent") { bytes in
    _ = try ContainerExtent.shortfall(ofFile: scratch.write(bytes, "a.mp4"))
  },
  Parser("picture") { bytes in
    for format in PictureBytes.Format.allCases { _ = PictureBytes(bytes, format: format) }
    _ = MediaSignature(bytes)
    _ = Encryption.isScrambled(streamWithID: 256, in: bytes)
    _ = HEIFPicture(bytes)
    for handler in ["vide", "soun"] { _ = Encryption.scheme(ofTracks: handler, in: bytes) }
    for isPipe in [false, true] { _ = ForeignFormat(bytes, isPipe: isPipe) }
    let text = String(decoding: bytes, as: UTF8.self)
    _ = PlaylistKeys.scheme(in: text) { _ in text }
    if let kind = PlaylistFile.kind(of: bytes) { _ = PlaylistFile(kind, bytes) }
  },
]

// MARK: Files

/// Files of this process, in memory where the system has such a folder.
private let scratch = Scratch()

private struct Scratch: Sendable {
  private let folder: String

  init() {
    let memory = "/dev/shm"
    let base =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    folder = "\(base)/stream-detect-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    for name in ["voc", "yolo", "sequence"] {
      try? FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }
}
