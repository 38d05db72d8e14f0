internal import Foundation

/// Threads of their own for stages that read live sources.
///
/// Dispatch would run them on its own threads, of which there are no more than 255.
enum StageThread {
  /// Runs `work` on a new thread that belongs to `group`.
  static func run(
    _ name: String, in group: DispatchGroup, _ work: @escaping @Sendable () -> Void
  ) {
    group.enter()
    let thread = Thread {
      work()
      group.leave()
    }
    thread.name = name
    // As large as the main thread's, for FFmpeg.
    thread.stackSize = 8 << 20
    thread.start()
  }
}
