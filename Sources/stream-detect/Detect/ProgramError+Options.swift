internal import StreamDetect

extension ProgramError {
  /// An impossible option of the library, in the command line's words.
  init(_ failure: OptionFailure) {
    let option = Self.options[failure.option] ?? failure.option
    self.init(
      .usage, failure.value.isEmpty ? option : "\(option) \(failure.value)",
      failure.message.prefix(1).lowercased() + failure.message.dropFirst(), remedy: failure.remedy)
  }

  /// The command line's names of the library's options.
  private static let options = [
    "classes": "--classes", "excludedClasses": "--exclude-classes", "jsonLines": "--jsonl",
    "video": "--video", "frames": "--frames", "crops": "--crops", "snapshots": "--snapshots",
    "tiles": "--tiles", "sizes": "--size", "tracking": "--track", "zones": "--zones",
    "lines": "--zones", "masks": "--mask", "regions": "--roi",
    "confidence": "--conf", "overlap": "--iou",
    "maximum": "--max-det", "threads": "--threads",
  ]
}
