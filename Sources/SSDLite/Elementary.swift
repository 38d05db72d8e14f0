// The C library's functions have no home of their own in Swift's standard library.
#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// e to the power of `x`.
func exponential(_ x: Float) -> Float { exp(x) }

/// The natural logarithm of `x`; minus infinity for 0, NaN below.
func logarithm(_ x: Float) -> Float { log(x) }
