package import Layers

/// What a benchmark measures, and for how long.
package struct BenchmarkOptions: Sendable {
  /// Precision of the arithmetic.
  package var precision = Precision.fp32
  /// Number of threads.
  package var threads = 1
  /// Whether all threads share each run of the network instead of each having runs of its own.
  package var sharesRuns = false
  /// How long the network runs, in each way that is timed.
  package var length = RunLength.runs(100)
  /// Whether each layer and the peak of the machine are measured, too.
  package var measuresLayers = true
  /// A safetensors file whose tensor `input` is the network's input; noise if it is `nil`.
  package var input: String?
  /// A safetensors file to write the network's outputs to.
  package var outputs: String?
  /// A source to run the whole pipeline over, if any, and the number of frames.
  package var source: (location: String, frames: Int)?

  /// Creates the default options.
  package init() {}

  /// Threads that share a run of the network.
  package var frameThreads: Int { sharesRuns ? threads : 1 }
  /// Runs of the network at the same time.
  package var workers: Int { sharesRuns ? 1 : threads }
}
