internal import Models
internal import Layers

/// The layers of an ncnn `.param` file.
///
/// Format: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure.
struct NCNNGraph {
  /// The first line of every text `.param` file.

  /// One line: what a layer is, reads, writes and is set to.
  struct Layer {
    var type: String
    var name: String
    var inputs: [String]
    var outputs: [String]
    /// Numbers by id; a single number is a list of one.
    var parameters: [Int: [Double]]

    /// The single number of `id`, or `other` where it is not given.
    func number(_ id: Int, or other: Double) -> Double { parameters[id]?.first ?? other }

    /// The single whole number of `id`, or `other` where it is not given or no whole number.
    func integer(_ id: Int, or other: Int) -> Int {
      parameters[id]?.first.flatMap { Int(exactly: $0) } ?? other
    }
  }

  let path: String
  private(set) var layers: [Layer] = []

  init(_ file: MappedFile) throws(ModelFileError) {
    path = file.path
    guard file.byteCount <= 16 << 20,
      let text = String(validating: file.copy(0..<file.byteCount), as: UTF8.self)
    else { throw fault("The .param file is no text.") }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    guard lines.count >= 2, lines[0].filter({ !$0.isWhitespace }) == FileKind.ncnnTextMagic else {
      throw fault("The .param file does not begin with \(FileKind.ncnnTextMagic).")
    }
    let counts = lines[1].split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    guard counts.count == 2, counts[0] == lines.count - 2 else {
      throw fault("The .param file has \(lines.count - 2) layers and claims otherwise.")
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
    else { throw fault("A layer's line is false: \(line.prefix(80))") }
    var parameters: [Int: [Double]] = [:]
    for word in words[(4 + inputs + outputs)...] {
      let sides = word.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let key = Int(sides[0]), key > -30_000, key < 10_000 else {
        throw fault("The layer \(words[1]) has the false parameter \(word).")
      }
      var values = sides[1].split(separator: ",").compactMap { Double($0) }
      guard values.count == sides[1].split(separator: ",").count, values.allSatisfy(\.isFinite)
      else { throw fault("The layer \(words[1]) has the false parameter \(word).") }
      // Lists have the id -23300 - id and begin with their length.
      if key <= -23_300 {
        guard values.first == Double(values.count - 1) else {
          throw fault("The layer \(words[1]) has the false list \(word).")
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

  /// Every blob is written once, before it is read.
  private func checkWiring() throws(ModelFileError) {
    var written: Set<String> = []
    for layer in layers {
      if let missing = layer.inputs.first(where: { !written.contains($0) }) {
        throw fault("The layer \(layer.name) reads \(missing), which nothing writes before it.")
      }
      for output in layer.outputs where !written.insert(output).inserted {
        throw fault("The blob \(output) is written twice.")
      }
    }
  }
}
