/// Which convolutions an SSD's extra blocks and heads consist of.
///
/// The raw values are the first part of a detector's name, as in `ssd_1x1_mobilenet_v1`.
public enum SSDStyle: String, Codable, Hashable, Sendable, CaseIterable {
  /// Separable ones: SSDLite (Sandler et al. 2018, arXiv:1801.04381, section 6.2).
  case separable = "ssdlite"
  /// Separable ones in the extra blocks, 1x1 ones in the heads.
  case separableExtras = "ssdlite_1x1"
  /// Full 3x3 ones: SSD (Liu et al. 2016, arXiv:1512.02325).
  case full = "ssd"
  /// Full 3x3 ones in the extra blocks, 1x1 ones in the heads: TensorFlow's SSD on MobileNetV1.
  case fullExtras = "ssd_1x1"

  /// Whether the extra blocks are separable.
  package var hasSeparableExtras: Bool {
    switch self {
    case .separable, .separableExtras: true
    case .full, .fullExtras: false
    }
  }

  /// The detectors' name in titles.
  var title: String {
    switch self {
    case .separable: "SSDLite"
    case .separableExtras: "SSDLite with 1x1 heads"
    case .full: "SSD"
    case .fullExtras: "SSD with 1x1 heads"
    }
  }
}
