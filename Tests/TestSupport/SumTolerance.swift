/// The largest difference between two correct sums of `terms` products of single precision.
///
/// Each is within `terms * epsilon / 2 * magnitude` of the exact sum, whatever its order and
/// whether products are fused (Higham 2002, "Accuracy and Stability of Numerical Algorithms",
/// section 3.1).
///
/// - Parameters:
///   - terms: Products and other summands.
///   - magnitude: Sum of the absolute values of the summands.
/// - Returns: `terms * epsilon * magnitude`.
public func sumTolerance(terms: Int, magnitude: Float) -> Float {
  Float(terms) * Float.ulpOfOne * magnitude
}
