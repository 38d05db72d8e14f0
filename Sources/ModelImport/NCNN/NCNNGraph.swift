internal import Models
internal import Layers

/// The layers of an ncnn `.param` file.
///
/// Format: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure.
struct NCNNGraph {
  /// A line of the file: a layer with its inputs, outputs and parameters.
  struct Layer {
    var type: String
    var name: String
    var inputs: [String]
    var outputs: [String]
    /// Values by ID; a single value is a list of one.
    var parameters: [Int: [Double]]

    /// The single value of `id`, or `other` if it is missing.
    func number(_ id: Int, default other: Double) -> Double { parameters[id]?.first ?? other }

    /// The single integer of `id`, or `other` if it is missing or not an integer.
    func integer(_ id: Int, default other: Int) -> Int {
      parameters[id]?.first.flatMap { Int(exactly: $0) } ?? other
    }
  }

  /// Bytes of the file: 4 MiB, where a MobileNet takes 20 kB.
  private static let largestFile = 4 << 20

  let path: String
  private(set) var layers: [Layer] = []

  init(_ file: MappedFile) throws(ModelFileError) {
    path = file.path
    guard file.byteCount <= Self.largestFile,
      let text = String(validating: file.copy(0..<file.byteCount), as: UTF8.self)
    else {
      throw fault(
        "The .param file is not UTF-8 text, or is larger than \(Self.largestFile >> 20) MiB.")
    }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    guard lines.count >= 2, lines[0].filter({ !$0.isWhitespace }) == FileKind.ncnnTextMagic else {
      throw fault("The .param file does not begin with \(FileKind.ncnnTextMagic).")
    }
    let counts = lines[1].split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    guard counts.count == 2, counts[0] == lines.count - 2 else {
      throw fault("The .param file has \(lines.count - 2) layers, but states another number.")
    }
    for line in lines.dropFirst(2) { layers.append(try layer(line)) }
    try checkWiring()
  }

  func fault(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: path, message: message,
      remedy: "Check that this is the text .param file of an ncnn model.")
  }

  private func layer(_ line: Substring) throws(ModelFileError) -> Layer {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count >= 4, let inputs = Int(words[2]), let outputs = Int(words[3]),
      (0...words.count).contains(inputs), (0...words.count).contains(outputs),
      4 + inputs + outputs <= words.count
    else { throw fault("A layer's line is invalid: \(line.prefix(80))") }
    var parameters: [Int: [Double]] = [:]
    for word in words[(4 + inputs + outputs)...] {
      let pair = word.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let key = Int(pair[0]), key > -30_000, key < 10_000 else {
        throw fault("The layer \(words[1]) has the invalid parameter \(word).")
      }
      var values = pair[1].split(separator: ",").compactMap { Double($0) }
      guard values.count == pair[1].split(separator: ",").count, values.allSatisfy(\.isFinite)
      else { throw fault("The layer \(words[1]) has the invalid parameter \(word).") }
      // Lists have the ID -23300 - id and start with their length.
      if key <= -23_300 {
        guard values.first == Double(values.count - 1) else {
          throw fault("The layer \(words[1]) has the invalid list \(word).")
        }
        values.removeFirst()
      }
      parameters[key <= -23_300 ? -23_300 - key : key] = values
    }
    return Layer(
      type: String(words[0]), name: String(words[1]),
      inputs: words[4..<4 + inputs].map(String.init),
      outputs: words[(4 + inputs)..<(4 + inputs + outputs)].map(String.init),
      parameters: parameters)
  }

  /// Checks that every blob is written only once, and before it is read.
  private func checkWiring() throws(ModelFileError) {
    var written: Set<String> = []
    for layer in layers {
      if let missing = layer.inputs.first(where: { !written.contains($0) }) {
        throw fault("The layer \(layer.name) reads \(missing), which no earlier layer writes.")
      }
      for output in layer.outputs where !written.insert(output).inserted {
        throw fault("The blob \(output) is written twice.")
      }
    }
  }
}
