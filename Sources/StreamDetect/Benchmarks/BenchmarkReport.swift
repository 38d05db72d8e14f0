package import Layers

/// The results of a benchmark.
package struct BenchmarkReport: Sendable {
  /// Name of the network.
  package var network: String
  /// Shape of its input.
  package var input: Shape
  /// Instruction set of the kernels.
  package var isa: InstructionSet
  /// Precision of the arithmetic.
  package var precision: Precision
  /// Number of threads.
  package var threads: Int
  /// Threads that share a run of the network.
  package var frameThreads: Int
  /// Times of whole runs by `frameThreads` threads, and of each layer by one.
  package var timings: LayerTimings
  /// Measured peak of one core in this precision, in operations per second; `nil` if layers were
  /// not measured.
  package var peak: Double?
  /// Images per second with all threads.
  package var throughput: Double
  /// A run over a source, stage by stage, if there was one.
  package var pipeline: PipelineTimings?

  /// Speed of whole runs, in operations per second.
  package var operationsPerSecond: Double { timings.operations / timings.whole.median }
}
