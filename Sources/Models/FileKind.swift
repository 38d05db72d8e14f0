package import Layers

/// The kind of a file, recognised by its first bytes.
package enum FileKind {
  case safetensors
  case zip
  case ncnnText
  case ncnnBinary
  case legacyCheckpoint
  case pickle
  case onnx
  case tensorFlowLite
  /// A frozen TensorFlow graph.
  case frozenGraph
  /// An HDF5 file, such as Keras's weights.
  case hdf5
  case unknown

  /// How the text of an ncnn model begins; its binary form begins with the same number.
  package static let ncnnTextMagic = "7767517"

  /// What a TensorFlow Lite file has after its first four bytes.
  package static let tensorFlowLiteMagic = "TFL3"

  /// What such a file begins with: the pickle of a number of ten bytes.
  package static let legacyCheckpointMagic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// What an HDF5 file begins with.
  package static let hdf5Magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  package init(_ file: MappedFile) {
    let head = file.copy(0..<min(file.byteCount, 64))
    let reader = ByteReader(head)
    if head.dropFirst(4).starts(with: Self.tensorFlowLiteMagic.utf8) {
      self = .tensorFlowLite
    } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      self = .zip
    } else if head.starts(with: Self.hdf5Magic) {
      self = .hdf5
    } else if head.starts(with: Self.ncnnTextMagic.utf8) {
      self = .ncnnText
    } else if reader.uint32(0) == UInt32(Self.ncnnTextMagic) {
      self = .ncnnBinary
    } else if let length = reader.uint64(0), length <= UInt64(SafetensorsFile.longestHeader),
      reader.uint8(8) == UInt8(ascii: "{")
    {
      self = .safetensors
    } else if head.starts(with: Self.legacyCheckpointMagic) {
      self = .legacyCheckpoint
    } else if head.count > 1, head[0] == 0x80, (2...5).contains(head[1]) {
      self = .pickle
    } else if file.path.hasSuffix(".onnx") {
      self = .onnx
    } else if file.path.hasSuffix(".pb") {
      self = .frozenGraph
    } else {
      self = .unknown
    }
  }

  /// Rejects weights that have to be imported first, and names the command for it.
  static func requireSafetensors(_ path: String) throws(ModelFileError) {
    let file = try converting { () throws(SafetensorsError) in try MappedFile(path: path) }
    let kind: String
    switch FileKind(file) {
    case .safetensors, .unknown: return
    case .zip, .legacyCheckpoint, .pickle: kind = "a PyTorch checkpoint"
    case .ncnnText, .ncnnBinary: kind = "an ncnn model"
    case .onnx: kind = "an ONNX graph"
    case .tensorFlowLite: kind = "a TensorFlow Lite file"
    case .frozenGraph: kind = "a TensorFlow graph"
    case .hdf5: kind = "a Keras file"
    }
    throw ModelFileError(
      .notAModel, path: path, message: "This is \(kind), not a model file.",
      remedy: "Import it first: stream-detect models import \(path) -o MODEL.safetensors")
  }
}
