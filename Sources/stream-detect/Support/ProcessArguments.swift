#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif
internal import Support

/// The arguments that the process was started with.
enum ProcessArguments {
  /// All of them, the program's name first, with the bytes of names that are not UTF-8.
  ///
  /// Swift reads them from `/proc`, and takes them for missing where that is not mounted. Then
  /// they are read from where the kernel has put them.
  static var all: [String] {
    let known = unsafe UnsafeBufferPointer(
      start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    if known.isEmpty { return onStack() }
    return unsafe known.compactMap { unsafe $0.map { unsafe FileName.text(cString: $0) } }
  }

  /// The arguments at the start of the first thread's stack; empty if that isn't known.
  static func onStack() -> [String] {
    #if os(Linux)
    // The C library's record of the stack's start, where the kernel writes the number of arguments
    // and then their addresses (System V ABI, "Process Initialization").
    guard let symbol = unsafe dlsym(nil, "__libc_stack_end"),
      let start = unsafe symbol.load(as: UnsafeRawPointer?.self)
    else { return [] }
    let count = unsafe start.load(as: Int.self)
    guard (1...Self.most).contains(count) else { return [] }
    var arguments: [String] = []
    for place in 1...count {
      let offset = place * MemoryLayout<Int>.stride
      let text = unsafe start.load(fromByteOffset: offset, as: UnsafePointer<CChar>?.self)
      if let text = unsafe text { arguments.append(unsafe FileName.text(cString: text)) }
    }
    return arguments
    #else
    return []
    #endif
  }

  /// More than the kernel accepts: 2 MiB of addresses, with a stack of the usual size.
  private static let most = 1 << 18
}
