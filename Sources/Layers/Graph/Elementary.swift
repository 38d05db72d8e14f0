// The C library's functions have no home of their own in Swift's standard library.
#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// e to the power of `x`.
package func exponential(_ x: Float) -> Float { exp(x) }
