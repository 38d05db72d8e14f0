public import Layers

extension Session {
  /// Fills the input, channels last.
  public func fill(_ image: [Float]) {
    withInput { span in for index in image.indices { span[index] = image[index] } }
  }

  /// A copy of an output.
  public func output(_ name: String) -> [Float] {
    withOutput(name) { span in (0..<span.count).map { span[$0] } }
  }
}
