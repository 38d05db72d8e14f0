/// `value` times itself.
func square(_ value: Double) -> Double { value * value }
