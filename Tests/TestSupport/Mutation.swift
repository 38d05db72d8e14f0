/// `bytes` with a few random faults: truncated, bytes changed, a range repeated or removed.
public func mutated(_ bytes: [UInt8], using random: inout SplitMix64) -> [UInt8] {
  var result = bytes
  for _ in 0..<Int.random(in: 1...4, using: &random) where !result.isEmpty {
    let start = Int.random(in: 0..<result.count, using: &random)
    let end = min(start + Int.random(in: 1...16, using: &random), result.count)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: result.removeSubrange(start...)
    case 1: result.removeSubrange(start..<end)
    case 2: result.insert(contentsOf: result[start..<end], at: start)
    case 3: for index in start..<end { result[index] = .random(in: 0...255, using: &random) }
    case 4: result[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    default: result[start] = [0, 0x7F, 0x80, 0xFF, 0x22, 0x39].randomElement(using: &random) ?? 0
    }
  }
  return result
}
