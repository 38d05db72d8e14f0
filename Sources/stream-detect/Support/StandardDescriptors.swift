#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The descriptors 0, 1 and 2, which a process may be started without (`<&-`, some daemons).
enum StandardDescriptors {
  /// Opens those that are closed, so that no file gets one of the three numbers: messages would
  /// then end up in a result, and a result would be taken for standard output.
  ///
  /// Standard input has nothing to read and messages are dropped. Results that should go to a
  /// standard output which isn't there can't be written, so that descriptor is not writable: the
  /// failure is reported as that of any output.
  static func openMissing() {
    for (number, mode) in [
      (STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
    ] where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is taken, which is this one: those below it are open by now.
      if unsafe open("/dev/null", mode) >= 0 { continue }
      // Without /dev, any open file keeps the number from being used; it can't be written to.
      _ = unsafe open("/", O_RDONLY)
    }
  }
}
