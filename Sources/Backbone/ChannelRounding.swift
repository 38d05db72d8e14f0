/// The multiple of `divisor` that is nearest to `channels`.
///
/// At least `divisor`, and never more than a tenth below `channels`: `_make_divisible` of the
/// authors' release, which torchvision copies. Halves round up.
public func roundedChannels(_ channels: Double, to divisor: Int) -> Int {
  let rounded = max(divisor, Int(channels + Double(divisor) / 2) / divisor * divisor)
  return Double(rounded) < 0.9 * channels ? rounded + divisor : rounded
}
