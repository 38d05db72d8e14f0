internal import Models
internal import ArgumentParser
internal import Logging
internal import Layers
internal import Media
internal import Pictures
internal import StreamDetect
internal import Support

/// `stream-detect doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks this machine and says how to fix each problem.",
    discussion: """
      The exit code is 0 whatever is found. Lines that begin with 'problem' need attention; \
      'note' marks something optional that is missing.
      """)

  @OptionGroup(title: "Messages") var report: ReportOptions

  func run() throws {
    let findings = Findings(logger: report.makeLogger())
    let width = findings.all.map(\.subject.count).max() ?? 0
    let lines = findings.all.flatMap { finding in
      let subject = finding.subject + String(repeating: " ", count: width - finding.subject.count)
      let first = "\(finding.mark) \(subject)  \(finding.text)"
      return [first] + (finding.remedy.map { ["         \(sentence($0))"] } ?? [])
    }
    try printText(lines.joined(separator: "\n"))
  }
}

/// What `doctor` found.
private struct Findings {
  struct Finding {
    var subject: String
    var text: String
    /// How to fix it, if something is wrong.
    var remedy: String?
    /// Whether only some runs need what is missing.
    var isOptional = false

    /// The first word of the line, padded to eight characters.
    var mark: String {
      guard remedy != nil else { return "ok      " }
      return isOptional ? "note    " : "problem "
    }
  }

  private(set) var all: [Finding] = []

  init(logger: Logger) {
    add("program", "stream-detect \(Program.version)")
    addProcessor()
    addFFmpeg()
    addCameras()
    addEncoder()
    addFont()
    addModel(logger)
  }

  private mutating func add(_ subject: String, _ text: String, remedy: String? = nil) {
    all.append(Finding(subject: subject, text: text, remedy: remedy))
  }

  private mutating func addProcessor() {
    let available = InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue)
    let best = InstructionSet.best
    if let fault = InstructionSet.environmentFault {
      add("STREAM_DETECT_ISA", fault.message, remedy: fault.remedy)
    }
    add(
      "kernels", "\(best.rawValue) of \(available.joined(separator: ", "))",
      remedy: best == .scalar
        ? "Only the slow reference kernels can run: use a processor with AVX2 or NEON, or unset "
          + "STREAM_DETECT_ISA" : nil)
    let fast = [("bf16", best.hasBFloat16Kernels), ("int8", best.hasIntegerKernels)]
    let native = ["fp32"] + fast.filter(\.1).map(\.0)
    let simulated = fast.filter { !$0.1 }.map { "\($0.0) (simulated, slow)" }
    add("precisions", (native + simulated).joined(separator: ", "))
    add("cores", "\(availableCores())")
  }

  private mutating func addFFmpeg() {
    let versions = FFmpegLibraries.versions.map { "\($0.name) \($0.version)" }
    add("ffmpeg", "\(FFmpegLibraries.release): \(versions.joined(separator: ", "))")
  }

  private mutating func addCameras() {
    do {
      add("cameras", "libavdevice \(try FFmpegLibraries.deviceLibraryVersion())")
    } catch {
      all.append(
        Finding(
          subject: "cameras", text: error.message, remedy: error.remedy, isOptional: true))
    }
  }

  private mutating func addEncoder() {
    let encoders = FFmpegLibraries.encoders
    add(
      "encoders", encoders.map { "\($0.codec) (\($0.encoder))" }.joined(separator: ", "),
      remedy: encoders.contains { $0.codec == "h264" }
        ? nil : "Install an FFmpeg with libx264 for --video; mpeg4 is used until then")
  }

  private mutating func addFont() {
    do {
      add("font", try Font.system().path)
    } catch {
      add("font", error.message, remedy: error.remedy)
    }
  }

  private mutating func addModel(_ logger: Logger) {
    let models = ModelResolution(logger: logger)
    do {
      let file = try models.detector(named: nil)
      add("model", "\(file.path): \(file.description.architecture.summary)")
    } catch let error as ProgramError {
      add("model", "\(error.message): \(error.subject)", remedy: error.remedy)
    } catch {
      add("model", "\(error)", remedy: "Name a model file with --model")
    }
  }
}
