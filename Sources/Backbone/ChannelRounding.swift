/// The number of channels nearest to `channels` that is a multiple of `divisor`.
///
/// At least `divisor`, and never more than a tenth below `channels`: `_make_divisible` of the
/// authors' release, which torchvision copies. Half a step rounds up.
public func roundedChannels(_ channels: Double, to divisor: Int) -> Int {
  let rounded = max(divisor, Int(channels + Double(divisor) / 2) / divisor * divisor)
  return Double(rounded) < 0.9 * channels ? rounded + divisor : rounded
}
