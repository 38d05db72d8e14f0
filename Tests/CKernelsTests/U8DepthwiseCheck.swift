import CKernels
import TestSupport

/// Depthwise convolution of bytes: windows with and without tiles, every padding, some of the rows.
struct U8DepthwiseCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 23)
    return (0..<60).compactMap { _ in
      let window = DepthwiseLayout.Window.random(side: 6, channels: 1...2, using: &random)
      let test = U8DepthwiseCase(window, using: &random)
      return test.run(scalar).firstDifference(from: test.naive()).map { "\(test): byte \($0)" }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 24)
    var windows = (0..<400).map { index in
      // Every seventh map is wider than one strip.
      DepthwiseLayout.Window.random(
        side: index % 7 == 0 ? 300 : 14, channels: index % 7 == 0 ? 1...3 : 1...11, using: &random)
    }
    for index in windows.indices where windows[index].height > 14 {
      windows[index].limitRows(to: 2, of: 9)
    }
    windows += DepthwiseLayout.Window.layers
    return windows.compactMap { window in
      let test = U8DepthwiseCase(window, using: &random)
      let difference = test.run(vector).firstDifference(from: test.run(scalar))
      return difference.map { "\(test): byte \($0)" }
    }
  }
}

extension DepthwiseLayout.Window {
  /// The same map with fewer rows.
  fileprivate mutating func limitRows(to count: Int, of height: Int) {
    self.height = min(self.height, height)
    outputRows = (self.height + padTop - 1) / stride + 1
    rows = max(0, outputRows - count)..<outputRows
  }
}
