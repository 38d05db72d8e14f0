internal import Layers

/// A file of inputs and of a network's expected results, sorted by what each tensor is.
struct ReferenceFile {
  /// An input, and the expected tensors that are computed from it.
  struct Case {
    var input: StoredTensor
    /// Whether `input` is `[height][width][3]` bytes; if not, it is normalised, channels first.
    var isPixels: Bool
    var height: Int
    var width: Int
    /// The prefixes of the tensors that belong to this input.
    var prefixes: [String]
    var expected: [(tensor: StoredTensor, quantity: Quantity)] = []
  }

  /// What a reference tensor contains.
  enum Quantity: Hashable {
    case output(String)
    case feature(String)
    case decodedBoxes
  }

  private(set) var cases: [Case] = []
  /// Priors, and the form in which the file has them.
  private(set) var priors: [(tensor: StoredTensor, form: PriorForm)] = []
  private(set) var skipped: [SkippedTensor] = []

  /// Names of the model's own outputs.
  private let outputs: Set<String>

  init(_ file: SafetensorsFile, outputs: Set<String> = []) {
    self.outputs = outputs
    var rest: [StoredTensor] = []
    for name in file.names {
      guard let tensor = file.tensor(name) else { continue }
      if let form = PriorForm(name: name) {
        priors.append((tensor, form))
      } else if !addInput(tensor) {
        rest.append(tensor)
      }
    }
    preferFirstImage()
    for tensor in rest { place(tensor) }
  }

  /// Adds a case if `tensor` is an input; returns whether it is.
  private mutating func addInput(_ tensor: StoredTensor) -> Bool {
    let name = tensor.name
    var shape = tensor.shape
    if name == "rgb" || name.hasSuffix(".rgb") {
      guard tensor.type == .uint8, shape.count == 3, shape[2] == 3 else { return false }
      cases.append(
        Case(
          input: tensor, isPixels: true, height: shape[0], width: shape[1],
          prefixes: [String(name.dropLast("rgb".count))]))
      return true
    }
    guard name == "input" || name.hasSuffix(".input") || name.hasSuffix("_input") else {
      return false
    }
    if shape.count == 4, shape[0] == 1 { shape.removeFirst() }
    guard shape.count == 3, shape[0] == 3, tensor.type == .float32 || tensor.type == .float16 else {
      return false
    }
    let stem = String(name.dropLast("input".count))
    let prefixes = stem.hasSuffix("_") ? [stem, stem.dropLast() + "."] : [stem]
    cases.append(
      Case(
        input: tensor, isPixels: false, height: shape[1], width: shape[2], prefixes: prefixes))
    return true
  }

  /// Tensors without a prefix belong to the input without one, or else to the first of several
  /// images.
  private mutating func preferFirstImage() {
    guard !cases.contains(where: { $0.prefixes.contains("") }) else { return }
    if cases.count == 1 || cases.first?.input.name.hasSuffix("_input") == true {
      cases[0].prefixes.append("")
    }
  }

  private mutating func place(_ tensor: StoredTensor) {
    var best: (index: Int, length: Int, quantity: Quantity)?
    for (index, testCase) in cases.enumerated() {
      for prefix in testCase.prefixes where tensor.name.hasPrefix(prefix) {
        guard prefix.count >= best?.length ?? 0,
          let quantity = quantity(String(tensor.name.dropFirst(prefix.count)))
        else { continue }
        best = (index, prefix.count, quantity)
      }
    }
    if let best {
      cases[best.index].expected.append((tensor, best.quantity))
    } else {
      skip(tensor.name, Self.reason(for: tensor.name))
    }
  }

  private func quantity(_ name: String) -> Quantity? {
    outputs.contains(name) ? .output(name) : Quantity(name: name)
  }

  mutating func skip(_ name: String, _ reason: String) {
    skipped.append(SkippedTensor(name: name, reason: reason))
  }

  private static func reason(for name: String) -> String {
    let parts = name.split(separator: ".")
    if parts.contains(where: { $0.hasPrefix("det") && $0.dropFirst(3).allSatisfy(\.isNumber) }) {
      return "final detections depend on thresholds, which the file does not contain"
    }
    if name.hasSuffix("_u8") { return "the image before scaling" }
    if name.hasSuffix("input") || name.hasSuffix("rgb") {
      return "not an image of three channels, or several images"
    }
    return "its name is not that of a model's result, or its input is missing"
  }
}

extension ReferenceFile.Quantity {
  init?(name: String) {
    switch name {
    case "output", "logits": self = .output("output")
    case "cls_logits", "class_logits": self = .output("cls_logits")
    case "bbox_regression", "box_regression": self = .output("bbox_regression")
    case "decoded_tf": self = .decodedBoxes
    default:
      guard name.hasPrefix("feat.") else { return nil }
      self = .feature(String(name.dropFirst("feat.".count)))
    }
  }
}

/// The form in which a reference file writes priors.
enum PriorForm: Hashable {
  /// Centre and size in fractions of the input.
  case centers
  /// Upper, left, lower and right edge in fractions of the input, as in TensorFlow.
  case tensorFlowCorners
  /// Left, upper, right and lower edge in pixels of the input.
  case pixelCorners

  init?(name: String) {
    switch name.split(separator: ".").last {
    case "anchors_cxcywh": self = .centers
    case "anchors_tf": self = .tensorFlowCorners
    case "anchors_xyxy": self = .pixelCorners
    default: return nil
    }
  }
}
