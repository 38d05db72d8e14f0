import CKernels
import TestSupport

/// A depthwise convolution's window, and where the numbers of its maps lie.
struct DepthwiseLayout: CustomStringConvertible {
  struct Window {
    var channels, kernel, stride: Int
    var height, width: Int
    var padTop, padLeft: Int
    var outputs: Int
    var rows: Range<Int>
    var outputRows: Int
    var activation: sd_activation
  }

  var window: Window
  let xPixel, xRow, yPixel, yRow: Int

  /// Between pixels there are as many numbers as `gaps` gives, none where that is negative.
  init(_ window: Window, gaps: ClosedRange<Int> = 0...9, using random: inout SplitMix64) {
    self.window = window
    xPixel = window.channels + max(0, .random(in: gaps, using: &random))
    xRow = window.width * xPixel + max(0, .random(in: gaps, using: &random))
    yPixel = window.channels + max(0, .random(in: gaps, using: &random))
    yRow = window.outputs * yPixel + .random(in: 0...9, using: &random)
  }

  var description: String { "\(window) strides \(xPixel) \(xRow) \(yPixel) \(yRow)" }

  /// Numbers of the input up to the last pixel's last channel, which are all that may be read.
  var inputCount: Int {
    (window.height - 1) * xRow + (window.width - 1) * xPixel + window.channels
  }

  /// Whether an output is computed for index `index`; nothing is written between pixels.
  func holdsOutput(_ index: Int) -> Bool {
    index % yRow < window.outputs * yPixel && index % yRow % yPixel < window.channels
  }

  /// Calls `body` with each output that is computed: its index, its channel, and the taps of the
  /// window that meet the input, with the index of the pixel that each meets.
  func forEachOutput(
    _ body: (_ index: Int, _ channel: Int, _ taps: [(tap: Int, pixel: Int)]) -> Void
  ) {
    for row in window.rows {
      for column in 0..<window.outputs {
        let taps = (0..<window.kernel * window.kernel).compactMap { tap -> (Int, Int)? in
          let r = row * window.stride - window.padTop + tap / window.kernel
          let q = column * window.stride - window.padLeft + tap % window.kernel
          guard (0..<window.height).contains(r), (0..<window.width).contains(q) else { return nil }
          return (tap, r * xRow + q * xPixel)
        }
        for channel in 0..<window.channels {
          body(row * yRow + column * yPixel + channel, channel, taps)
        }
      }
    }
  }
}

/// What the arguments of all depthwise kernels have in common.
protocol DepthwiseArguments {
  var channels: Int { get set }
  var kernel: Int { get set }
  var stride: Int { get set }
  var in_height: Int { get set }
  var in_width: Int { get set }
  var out_width: Int { get set }
  var pad_top: Int { get set }
  var pad_left: Int { get set }
  var row_begin: Int { get set }
  var row_end: Int { get set }
  var x_pixel_stride: Int { get set }
  var x_row_stride: Int { get set }
  var y_pixel_stride: Int { get set }
  var y_row_stride: Int { get set }
}

extension sd_f32_depthwise_args: @unsafe DepthwiseArguments {}
extension sd_bf16_depthwise_args: @unsafe DepthwiseArguments {}
extension sd_u8_depthwise_args: @unsafe DepthwiseArguments {}

extension DepthwiseArguments {
  mutating func set(_ layout: DepthwiseLayout) {
    let window = layout.window
    channels = window.channels
    kernel = window.kernel
    stride = window.stride
    in_height = window.height
    in_width = window.width
    out_width = window.outputs
    pad_top = window.padTop
    pad_left = window.padLeft
    row_begin = window.rows.lowerBound
    row_end = window.rows.upperBound
    x_pixel_stride = layout.xPixel
    x_row_stride = layout.xRow
    y_pixel_stride = layout.yPixel
    y_row_stride = layout.yRow
  }
}
