// Swift's standard library has no `exp`. The C library that has it is a different module on each
// system.
#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// e to the power of `x`.
package func exponential(_ x: Float) -> Float { exp(x) }
