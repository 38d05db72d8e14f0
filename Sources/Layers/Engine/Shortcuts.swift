/// Which convolutions are computed with fewer products than they have: by tiles (Winograd), or by
/// Strassen's product.
///
/// Their sums are rounded differently from those of the convolutions themselves.
enum Shortcuts: Hashable {
  case none
  case whereFaster
  /// Every convolution that can be, however small, for tests and samples.
  case wherePossible
}
