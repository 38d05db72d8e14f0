internal import Support

/// The memory of one session.
struct SessionMemory: Sendable {
  /// The most bytes that the maps of one frame may take: 2 GiB.
  static let limit = 2 << 30

  /// The maps that all threads of a frame share.
  let arena: FloatBuffer
  /// The rolling maps of each thread.
  let scratch: [FloatBuffer]

  /// Allocates it for `threads` threads that share a frame.
  ///
  /// - Throws: ``NetworkError`` if that is more than is allowed, or than the system has.
  init(_ program: Program, threads: Int) throws(NetworkError) {
    let count = max(threads, 1)
    for floats in [program.arenaCount, program.scratchCount] {
      let bytes = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
      guard !bytes.overflow, bytes.partialValue <= Self.limit else {
        throw .tooLarge(bytes: bytes.overflow ? .max : bytes.partialValue, limit: Self.limit)
      }
    }
    arena = try FloatBuffer(count: program.arenaCount)
    var scratch: [FloatBuffer] = []
    for _ in 0..<count { scratch.append(try FloatBuffer(count: program.scratchCount)) }
    self.scratch = scratch
  }
}

extension Network {
  /// Sets memory aside for the next `count` sessions, so that making them can't fail.
  ///
  /// Memory that no session has used yet costs nothing.
  ///
  /// - Throws: ``NetworkError`` if the system has too little.
  public func reserve(sessions count: Int) throws(NetworkError) {
    while spares.withLock({ $0.count }) < count {
      let memory = try SessionMemory(program, threads: frameThreads)
      spares.withLock { $0.append(memory) }
    }
  }

  /// Memory for one worker that runs this network: what was set aside, or else new.
  ///
  /// A network has it set aside for one session from the start.
  public func makeSession() -> Session {
    if let memory = spares.withLock({ $0.popLast() }) { return Session(self, memory) }
    do {
      return Session(self, try SessionMemory(program, threads: frameThreads))
    } catch {
      fatalError("\(error)")
    }
  }
}
