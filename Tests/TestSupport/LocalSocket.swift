#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A TCP socket of 127.0.0.1 whose port the system picked.
///
/// Clients can connect to one that listens, even before ``accept()`` is called; they hear nothing
/// until then. One that does not listen refuses them, and keeps its port from everyone else.
public final class LocalSocket: Sendable {
  /// The number of the port.
  public let port: Int
  private let descriptor: Int32

  /// Opens a socket on `port`, or on any free one.
  public init(isListening: Bool = true, port wanted: Int = 0) throws {
    #if canImport(Darwin)
    descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(wanted).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isOpen = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        unsafe bind(descriptor, raw, length) == 0 && (!isListening || listen(descriptor, 16) == 0)
          && getsockname(descriptor, raw, &length) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    if !isOpen { throw SocketFailure(port: wanted, code: errno) }
  }

  deinit { close(descriptor) }

  /// Waits for the next client and gives its descriptor, which the caller has to close.
  public func accept() -> Int32 { waitForClient(descriptor, nil, nil) }

  /// Ends an ``accept()`` that waits, with a negative descriptor.
  public func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// The first of `count` ports in a row that were free a moment ago, for programs that cannot
  /// take a port of the system's choice.
  public static func freePorts(_ count: Int) throws -> Int {
    for _ in 0..<100 {
      let first = try LocalSocket(isListening: false)
      let last = first.port + count - 1
      guard last < 1 << 16 else { continue }
      let others = (first.port..<last).map { try? LocalSocket(isListening: false, port: $0 + 1) }
      if !others.contains(where: { $0 == nil }) { return first.port }
    }
    throw SocketFailure(port: 0, code: EADDRINUSE)
  }
}

// The system's `accept`, out of reach where the method hides it.
private let waitForClient = unsafe accept(_:_:_:)

/// A socket that could not be opened.
private struct SocketFailure: Error {
  var port: Int
  var code: Int32
}
