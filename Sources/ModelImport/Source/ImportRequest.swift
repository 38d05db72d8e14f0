public import Backbone
public import Layers
public import SSDLite

/// The weights to import, and what the user states about them.
///
/// A value that is `nil` is taken from the file, from the names and shapes of its tensors, or from
/// the convention of the architecture, in this order.
public struct ImportRequest: Sendable {
  /// A `.pth`, `.safetensors`, `.onnx`, `.tflite`, frozen `.pb`, Keras `.h5` or ncnn `.param` file.
  public var path: String
  /// Path of the model file to write.
  public var output: String
  /// The network.
  public var architecture: ImportArchitecture?
  /// Factor on the number of channels.
  public var width: Double?
  /// Number of classes; a detector's include the background.
  public var classes: Int?
  /// A file of class names: a JSON list or object, or one name per line.
  public var labels: String?
  /// Padding of the strided windows.
  public var padding: PaddingConvention?
  /// The rule that places the prior boxes.
  public var priors: PriorRule?
  /// How logits become scores.
  public var scoring: Scoring?
  /// The epsilon of the batch norms.
  public var batchNormEpsilon: Double?
  /// Input height and width in pixels.
  public var inputSize: (height: Int, width: Int)?
  /// How pixels become the network's input.
  public var normalization: Normalization?
  /// The mean of each channel, 0 to 255, which is subtracted from the pixels; ONNX graphs only.
  public var mean: [Float]?
  /// The factor for each channel, applied after the mean; ONNX graphs only.
  public var scale: [Float]?
  /// Order of the colours; ONNX graphs only.
  public var colorOrder: Normalization.ColorOrder?
  /// Name of an ONNX graph's output with the scores.
  public var scores: String?
  /// Name of an ONNX graph's output with the boxes.
  public var boxes: String?
  /// The model's name; by default that of the output file.
  public var name: String?
  /// Licence of the weights.
  public var license: String?
  /// Where the weights come from; by default the name of their file.
  public var provenance: String?

  /// Creates a request that leaves everything to the file.
  public init(path: String, output: String) {
    self.path = path
    self.output = output
  }
}

extension ImportRequest {
  /// The normalisation that a file implies, with the parts that were asked for instead.
  func adjusted(_ implied: Normalization) -> Normalization {
    var result = implied
    if let colorOrder { result.order = colorOrder }
    guard mean != nil || scale != nil else { return result }
    result.mean = mean ?? [0, 0, 0]
    result.scale = scale ?? [1, 1, 1]
    return result
  }
}
