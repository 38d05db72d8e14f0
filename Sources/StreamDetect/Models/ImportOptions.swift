public import Foundation
internal import Layers
internal import ModelImport
internal import Support

/// What is known about weights that are imported.
///
/// A value that is `nil` is taken from the file, from the names and shapes of its tensors, or from
/// the convention of the architecture.
public struct ImportOptions: Hashable, Sendable {
  /// The network, one of ``architectures``; graphs of ONNX and TensorFlow state
  /// it themselves.
  public var architecture: String?
  /// Factor on the number of channels.
  public var widthMultiplier: Double?
  /// Width of the network's input in pixels; give ``inputHeight`` as well.
  public var inputWidth: Int?
  /// Height of the network's input in pixels.
  public var inputHeight: Int?
  /// A file with the names of the classes: one per line, or a JSON list.
  public var labels: URL?
  /// Name of an ONNX graph's output with the scores.
  public var scores: String?
  /// Name of an ONNX graph's output with the boxes.
  public var boxes: String?
  /// What an ONNX graph expects to be subtracted from the pixels, 0 to 255: red, green, blue.
  public var mean: [Float]?
  /// The factors that an ONNX graph expects after the mean: red, green, blue.
  public var scale: [Float]?
  /// The model's name; `nil` for that of its file.
  public var name: String?
  /// The licence of the weights.
  public var license: String?

  /// Leaves everything to the file.
  public init() {}

  /// The architectures that can be imported, such as `ssdlite_mobilenet_v2`.
  public static let architectures = ImportArchitecture.allCases.map(\.rawValue)

  /// The request in the importer's terms.
  ///
  /// - Throws: `StreamDetectError.options` for an unknown architecture or half a size.
  func request(from path: String, to output: String) throws(StreamDetectError) -> ImportRequest {
    var request = ImportRequest(path: path, output: output)
    if let architecture {
      guard let known = ImportArchitecture(rawValue: architecture) else {
        let near = nearestNames(to: architecture, among: Self.architectures)
        throw .options(
          OptionFailure(
            "architecture", architecture, message: "There is no such architecture.",
            remedy: near.isEmpty
              ? "Use one of ImportOptions.architectures."
              : "Nearest: \(near.joined(separator: ", "))."))
      }
      request.architecture = known
    }
    switch (inputWidth, inputHeight) {
    case (let width?, let height?): request.inputSize = (height, width)
    case (nil, nil): break
    default:
      throw .options(
        OptionFailure("inputWidth", message: "Give both inputWidth and inputHeight."))
    }
    request.width = widthMultiplier
    request.labels = labels?.path
    request.scores = scores
    request.boxes = boxes
    request.mean = mean
    request.scale = scale
    request.name = name
    request.license = license
    return request
  }
}
