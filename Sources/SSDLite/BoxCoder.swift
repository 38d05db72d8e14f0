public import Geometry

/// Order of the four values of a regression code.
public enum CodeOrder: String, Codable, Hashable, Sendable, CaseIterable {
  /// Centre x, centre y, width, height, as in Caffe and torchvision.
  case xyFirst = "xywh"
  /// Centre y, centre x, height, width, as in TensorFlow.
  case yxFirst = "yxhw"
}

/// A box relative to a prior, as the network's regression head writes it.
public struct BoxCode: Hashable, Sendable {
  /// Offset of the centre in widths of the prior.
  public var x: Float
  /// Offset of the centre in heights of the prior.
  public var y: Float
  /// Logarithm of the ratio of the widths.
  public var width: Float
  /// Logarithm of the ratio of the heights.
  public var height: Float

  /// Creates a code from its four values, which are divided by their variances.
  public init(x: Float, y: Float, width: Float, height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// The SSD regression code of a box relative to a prior.
///
/// Liu et al. 2016, arXiv:1512.02325, section 2.2; the variances are those of the Caffe release.
public struct BoxCoder: Codable, Hashable, Sendable {
  /// Scale of the offsets of the centre.
  public var centerVariance: Float
  /// Scale of the logarithmic size ratios.
  public var sizeVariance: Float
  /// Order of the values in the network's output.
  public var order: CodeOrder

  /// Largest logarithmic size ratio, `log(1000 / 16)`, with which torchvision keeps the exponential
  /// finite.
  public static let largestLogRatio: Float = 4.135_166_556_742_356

  /// Creates a coder.
  public init(
    centerVariance: Float = 0.1, sizeVariance: Float = 0.2, order: CodeOrder = .xyFirst
  ) {
    self.centerVariance = centerVariance
    self.sizeVariance = sizeVariance
    self.order = order
  }

  /// The box that `code` describes relative to `prior`, in the prior's unit.
  public func decode(_ code: BoxCode, prior: CenterBox) -> BoundingBox {
    let logWidth = min(code.width * sizeVariance, Self.largestLogRatio)
    let logHeight = min(code.height * sizeVariance, Self.largestLogRatio)
    return CenterBox(
      cx: prior.cx + code.x * centerVariance * prior.width,
      cy: prior.cy + code.y * centerVariance * prior.height,
      width: prior.width * exponential(logWidth),
      height: prior.height * exponential(logHeight)
    ).corners
  }

  /// The code of `box` relative to `prior`; the inverse of ``decode(_:prior:)`` except for the
  /// clamp.
  public func encode(_ box: BoundingBox, prior: CenterBox) -> BoxCode {
    let box = CenterBox(box)
    return BoxCode(
      x: (box.cx - prior.cx) / prior.width / centerVariance,
      y: (box.cy - prior.cy) / prior.height / centerVariance,
      width: logarithm(box.width / prior.width) / sizeVariance,
      height: logarithm(box.height / prior.height) / sizeVariance)
  }

  /// The code in row `row` of `rows`, dense `[priors][4]`.
  func code(_ rows: Span<Float>, row: Int) -> BoxCode {
    let first = row * 4
    let (a, b, c, d) = (rows[first], rows[first + 1], rows[first + 2], rows[first + 3])
    return switch order {
    case .xyFirst: BoxCode(x: a, y: b, width: c, height: d)
    case .yxFirst: BoxCode(x: b, y: a, width: d, height: c)
    }
  }
}
