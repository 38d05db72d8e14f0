public import Backbone
public import Layers
public import SSDLite

/// Weights to import, and what the user knows about them.
///
/// Whatever is `nil` is taken from the file, from its tensors' names and shapes, or from the
/// convention of the architecture, in this order.
public struct ImportRequest: Sendable {
  /// A `.pth`, `.safetensors`, `.onnx` or ncnn `.param` file.
  public var path: String
  /// Where the model file is written.
  public var output: String
  /// The network.
  public var architecture: ImportArchitecture?
  /// Factor on the number of channels.
  public var width: Double?
  /// Classes; a detector's include the background.
  public var classes: Int?
  /// A file of class names: a JSON list or object, or a name a line.
  public var labels: String?
  /// Border rule of the strided windows.
  public var padding: PaddingConvention?
  /// Rule of the prior boxes.
  public var priors: PriorRule?
  /// How logits become scores.
  public var scoring: Scoring?
  /// The epsilon of the batch norms.
  public var batchNormEpsilon: Double?
  /// Input height and width in pixels.
  public var inputSize: (height: Int, width: Int)?
  /// How pixels become the network's input.
  public var normalization: Normalization?
  /// Three numbers that are subtracted from the pixels, 0 to 255; ONNX graphs only.
  public var mean: [Float]?
  /// Three factors that follow; ONNX graphs only.
  public var scale: [Float]?
  /// Order of the colours; ONNX graphs only.
  public var colorOrder: Normalization.ColorOrder?
  /// The output of an ONNX graph with the scores.
  public var scores: String?
  /// The output of an ONNX graph with the boxes.
  public var boxes: String?
  /// The model's name; the output file's otherwise.
  public var name: String?
  /// Licence of the weights.
  public var license: String?

  /// Creates a request that leaves everything to the file.
  public init(path: String, output: String) {
    self.path = path
    self.output = output
  }
}
