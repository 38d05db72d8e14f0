// Swift's standard library has no `exp` and `log`. The C library that has them is a different
// module on each system.
#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// e to the power of `x`.
func exponential(_ x: Float) -> Float { exp(x) }

/// The natural logarithm of `x`; minus infinity for 0, NaN for negative numbers.
func logarithm(_ x: Float) -> Float { log(x) }
