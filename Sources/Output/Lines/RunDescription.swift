/// What the first line of a run says: the program, the model, the machine and the options.
public struct RunDescription: Sendable {
  /// The model that was used.
  public struct Model: Sendable {
    /// Its name.
    public var name: String
    /// SHA-256 of its file, in hexadecimal digits.
    public var sha256: String
    /// Width of its input in pixels.
    public var inputWidth: Int
    /// Height of its input in pixels.
    public var inputHeight: Int
    /// Names of its classes; the place in the array is the class id, 0 is the background.
    public var labels: [String]

    /// Creates a description from its parts.
    public init(
      name: String, sha256: String, inputWidth: Int, inputHeight: Int, labels: [String]
    ) {
      self.name = name
      self.sha256 = sha256
      self.inputWidth = inputWidth
      self.inputHeight = inputHeight
      self.labels = labels
    }
  }

  /// The value of an option.
  public enum OptionValue: Sendable {
    /// A flag.
    case flag(Bool)
    /// A whole number.
    case integer(Int)
    /// Any number.
    case number(Double)
    /// Whole numbers.
    case integers([Int])
    /// A word.
    case text(String)
  }

  /// Version of the program.
  public var tool: String
  /// Names the run; no two runs share it.
  public var runID: String
  /// When the run began, in seconds since 1970.
  public var started: Double
  /// The model.
  public var model: Model
  /// Instruction set of the kernels.
  public var simd: String
  /// Precision of the arithmetic.
  public var precision: String
  /// Frames that are computed at the same time.
  public var threads: Int
  /// What decides about the results, in the order in which it is written.
  public var options: [(name: String, value: OptionValue)]

  /// Creates a description from its parts.
  public init(
    tool: String, runID: String, started: Double, model: Model, simd: String, precision: String,
    threads: Int, options: [(name: String, value: OptionValue)]
  ) {
    self.tool = tool
    self.runID = runID
    self.started = started
    self.model = model
    self.simd = simd
    self.precision = precision
    self.threads = threads
    self.options = options
  }
}
