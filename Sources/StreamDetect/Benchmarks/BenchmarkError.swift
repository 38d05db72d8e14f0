package import Layers

/// Why a benchmark could not run.
package enum BenchmarkError: Error, Hashable, Sendable {
  /// The source can only be timed with a detector.
  case needsDetector(source: String)
  /// No frame of the source could be decoded.
  case noFrames(source: String)
  /// The file has no tensor `input` of this shape.
  case noInput(path: String, shape: [Int])
  /// The file with the input cannot be read.
  case unreadableInput(SafetensorsError)
  /// The file for the outputs cannot be written.
  case unwritableOutputs(SafetensorsError)
}
