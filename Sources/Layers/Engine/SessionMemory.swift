internal import Support

/// The memory of one session.
struct SessionMemory: Sendable {
  /// The most bytes that the maps of one frame may take: 4 GiB, or 2 GiB for an imported graph.
  ///
  /// A MobileNetV2-SSDLite takes 2.1 GiB for 4096 x 4096 pixels.
  static func limit(isImported: Bool) -> Int { isImported ? 2 << 30 : 4 << 30 }

  /// The maps that all threads of a frame share.
  let arena: FloatBuffer
  /// The rolling maps of each thread.
  let scratch: [FloatBuffer]

  /// Allocates it for `threads` threads that share a frame.
  ///
  /// - Throws: ``NetworkError`` if that is more than is allowed, or than the system has.
  init(_ program: Program, threads: Int, isImported: Bool) throws(NetworkError) {
    let count = max(threads, 1)
    let limit = Self.limit(isImported: isImported)
    for floats in [program.arenaCount, program.scratchCount] {
      let bytes = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
      guard !bytes.overflow, bytes.partialValue <= limit else {
        throw .tooLarge(bytes: bytes.overflow ? .max : bytes.partialValue, limit: limit)
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
      let memory = try newMemory()
      spares.withLock { $0.append(memory) }
    }
  }

  /// Memory for one worker that runs this network: what was set aside, or else new.
  ///
  /// A network has it set aside for one session from the start.
  public func makeSession() -> Session {
    if let memory = spares.withLock({ $0.popLast() }) { return Session(self, memory) }
    do {
      return Session(self, try newMemory())
    } catch {
      fatalError("\(error)")
    }
  }

  private func newMemory() throws(NetworkError) -> SessionMemory {
    try SessionMemory(program, threads: frameThreads, isImported: !tensors.outputs.isEmpty)
  }
}
