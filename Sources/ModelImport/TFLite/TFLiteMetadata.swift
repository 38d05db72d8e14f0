internal import Models
internal import Layers

/// What a TensorFlow Lite file says for people and programs that run it: the metadata of
/// `metadata_schema.fbs`, a FlatBuffer of its own inside the file, and the files that are packed
/// with it (https://ai.google.dev/edge/litert/models/metadata).
struct TFLiteMetadata {
  /// What is subtracted from pixels, and what the difference is divided by.
  private(set) var mean: [Float] = []
  private(set) var deviation: [Float] = []
  private(set) var license: String?

  /// Reads what `model` has of it; data that can't be read is left out.
  init(_ model: TFLiteModel) {
    guard let range = model.metadata["TFLITE_METADATA"] else { return }
    try? read(FlatBuffer(Array(model.bytes[range])))
  }

  private mutating func read(_ buffer: FlatBuffer) throws(WireFault) {
    let root = try buffer.root()
    license = try root.text(5)
    guard let input = try root.tables(3).first?.tables(2).first else { return }
    for unit in try input.tables(4) where try unit.uint8(0) == 1 {
      let options = try unit.table(1)
      mean = try options?.floats(0) ?? []
      deviation = try options?.floats(1) ?? []
    }
  }

  /// How pixels become the network's input, if the file says it.
  var normalization: Normalization? {
    func three(_ values: [Float]) -> [Float]? {
      switch values.count {
      case 1: [values[0], values[0], values[0]]
      case 3: values
      default: nil
      }
    }
    guard let mean = three(mean), let deviation = three(deviation),
      deviation.allSatisfy({ $0 != 0 && $0.isFinite }), mean.allSatisfy(\.isFinite)
    else { return nil }
    return Normalization(mean: mean, scale: deviation.map { 1 / $0 })
  }

  /// Names of classes from the file that is packed with the model, which is then a zip archive,
  /// too.
  static func labels(_ file: MappedFile) -> [String]? {
    guard let archive = try? ZipArchive(file),
      let name = archive.members.keys.filter({ $0.hasSuffix(".txt") }).sorted().first,
      let text = try? archive.bytes(name, atMost: 1 << 20)
    else { return nil }
    // "???" is what TensorFlow calls ids that were never used.
    return LabelFile.lines(String(decoding: text, as: UTF8.self)).map { $0 == "???" ? "N/A" : $0 }
  }
}
