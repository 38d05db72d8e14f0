/// Why a network can't be made ready to run.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The maps of one frame would take more memory than any model needs.
  case tooLarge(bytes: Int, limit: Int)
  /// The system refused this much memory.
  case noMemory(bytes: Int)
  /// Packed weights have a number that is infinite or NaN.
  case notFinite
  /// `STREAM_DETECT_ISA` names no instruction set that this machine has.
  case instructionSet(String)

  /// What is wrong, in a sentence.
  public var message: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "The network's maps take \(bytes >> 20) MiB for one frame; at most \(limit >> 20) are allowed."
    case .noMemory(let bytes): "The system has no \(max(bytes >> 20, 1)) MiB of memory to spare."
    case .notFinite: "The packed weights have a value that is not finite."
    case .instructionSet(let value):
      "STREAM_DETECT_ISA is '\(value.prefix(40))', which is not an instruction set of this machine."
    }
  }

  /// What to do about it, in a sentence.
  public var remedy: String {
    switch self {
    case .tooLarge: "Use a smaller input or a narrower network."
    case .noMemory: "Use fewer threads or a smaller input, or raise the limit (ulimit -v)."
    case .notFinite: "Create the file again: stream-detect models pack ORIGINAL -o MODEL."
    case .instructionSet:
      "Unset it, or set it to one of "
        + InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
        + "."
    }
  }

  /// Both sentences.
  public var description: String { "\(message) \(remedy)" }
}
