/// How a map is resized, in the terms of ONNX's `Resize`.
public struct Resampling: Hashable, Sendable, Codable {
  /// How an output pixel is computed from source pixels.
  public enum Mode: String, Hashable, Sendable, Codable {
    /// The nearest source pixel.
    case nearest
    /// Interpolated from the surrounding two by two pixels.
    case linear
  }

  /// Where in the source an output pixel is.
  public enum Coordinates: String, Hashable, Sendable, Codable {
    /// `(x + 0.5) / scale - 0.5`.
    case halfPixel = "half_pixel"
    /// The same, but 0 if the output has a single pixel.
    case pytorchHalfPixel = "pytorch_half_pixel"
    /// `x / scale`.
    case asymmetric
    /// `x * (source - 1) / (output - 1)`.
    case alignCorners = "align_corners"
  }

  /// How a position between two pixels is rounded to one of them.
  public enum Rounding: String, Hashable, Sendable, Codable {
    /// To the nearest, halves down.
    case preferFloor = "round_prefer_floor"
    /// To the nearest, halves up.
    case preferCeil = "round_prefer_ceil"
    /// Down.
    case floor
    /// Up.
    case ceil
  }

  /// Rows of the output.
  public var height: Int
  /// Columns of the output.
  public var width: Int
  /// How pixels are computed.
  public var mode: Mode
  /// Where each output pixel is in the source.
  public var coordinates: Coordinates
  /// How positions are rounded in nearest mode.
  public var rounding: Rounding
  /// Output rows per source row, which the sizes alone give only approximately.
  public var rowScale: Double
  /// Output columns per source column, which the sizes alone give only approximately.
  public var columnScale: Double

  /// Creates a resampling.
  public init(
    height: Int, width: Int, mode: Mode, coordinates: Coordinates, rounding: Rounding,
    rowScale: Double, columnScale: Double
  ) {
    self.height = height
    self.width = width
    self.mode = mode
    self.coordinates = coordinates
    self.rounding = rounding
    self.rowScale = rowScale
    self.columnScale = columnScale
  }

  /// The source pixels for each of `outputs` pixels along one axis of `size` source pixels.
  func taps(_ outputs: Int, of size: Int, scale: Double) -> [ResamplingTap] {
    (0..<outputs).map { index in
      let x = position(Double(index), outputs, size, scale)
      guard mode == .linear else {
        let pixel = Int(rounded(x).clamped(to: 0...Double(size - 1)))
        return ResamplingTap(first: pixel, second: pixel, weight: 0)
      }
      let inside = x.clamped(to: 0...Double(size - 1))
      let first = Int(inside)
      return ResamplingTap(
        first: first, second: min(first + 1, size - 1), weight: Float(inside - Double(first)))
    }
  }

  private func position(_ x: Double, _ outputs: Int, _ size: Int, _ scale: Double) -> Double {
    switch coordinates {
    case .pytorchHalfPixel where outputs == 1: 0
    case .halfPixel, .pytorchHalfPixel: (x + 0.5) / scale - 0.5
    case .asymmetric: x / scale
    case .alignCorners: outputs == 1 ? 0 : x * Double(size - 1) / Double(outputs - 1)
    }
  }

  private func rounded(_ x: Double) -> Double {
    switch rounding {
    case .preferFloor: (x - 0.5).rounded(.up)
    case .preferCeil: (x + 0.5).rounded(.down)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    }
  }
}

/// The two source pixels of an output pixel along one axis; `weight` is that of the second.
struct ResamplingTap: Hashable, Sendable {
  var first: Int
  var second: Int
  var weight: Float
}

extension Comparable {
  fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}

extension Window {
  /// The same window without dilation: a larger kernel that includes the gaps.
  var filled: Window {
    Window(kernel: reach, stride: stride, padding: padding, roundsUp: roundsUp)
  }
}
