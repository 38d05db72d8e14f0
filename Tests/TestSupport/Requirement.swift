internal import Foundation
public import Testing

/// Something outside the checkout that a test cannot do without.
///
/// A test that lacks it is skipped, with the reason in the test log. Where `CI` is set in the
/// environment, that skip is a failure unless `Tests/allowed-skips.txt` lists the requirement.
public struct Requirement: Sendable {
  /// How `Tests/allowed-skips.txt` names it.
  public let name: String
  private let absence: String
  private let isMet: @Sendable () throws -> Bool

  /// Describes a requirement.
  ///
  /// - Parameters:
  ///   - name: Its name in the list of allowed skips.
  ///   - absence: What is missing, for the log.
  ///   - isMet: Whether it is there. What it throws fails the test, in CI or not.
  public init(_ name: String, absence: String, isMet: @escaping @Sendable () throws -> Bool) {
    self.name = name
    self.absence = absence
    self.isMet = isMet
  }

  /// What the log says about a test that was skipped.
  public var reason: String { "needs \(name): \(absence)" }

  /// Whether the test can run; throws where it cannot and may not be skipped either.
  public func check() throws -> Bool {
    if try isMet() { return true }
    if isCI, try !allowedSkips.get().contains(name) { throw ForbiddenSkip(requirement: self) }
    return false
  }

  /// Cancels the running test case where the requirement is not met; for parameterized tests of
  /// which only some cases need it.
  public func checkInside() throws {
    if try !check() { try Test.cancel(Comment(rawValue: reason)) }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test or suite where `requirement` is not met.
  public static func requires(_ requirement: Requirement) -> Self {
    .enabled(Comment(rawValue: requirement.reason)) { try requirement.check() }
  }
}

extension Requirement {
  /// The clips that `scripts/make-media.sh` renders with the ffmpeg program.
  ///
  /// Where that is installed and the script fails, so do the tests.
  public static let media = Requirement(
    "media", absence: "the ffmpeg program is not installed"
  ) {
    guard isInstalled("ffmpeg") else { return false }
    _ = try mediaFolder.get()
    return true
  }

  /// FFmpeg's own programs: an oracle that shares no code with ours.
  public static let ffmpegPrograms = Requirement(
    "ffmpeg-programs", absence: "ffmpeg and ffprobe are not installed"
  ) { isInstalled("ffmpeg") && isInstalled("ffprobe") }

  /// An encoder that not every ffmpeg program has; required where one was found missing.
  public static let everyEncoder = Requirement(
    "encoders", absence: "the ffmpeg program has no encoder for it"
  ) { false }

  /// The trained models, clips and golden vectors in `../shared`.
  public static let shared = Requirement(
    "shared", absence: "there is no ../shared beside the checkout"
  ) { sharedFolder != nil }

  /// Whether a program is in one of the folders of `PATH`.
  public static func isInstalled(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }
}

/// A skip in CI that is not on the allowed list.
private struct ForbiddenSkip: Error, CustomStringConvertible {
  let requirement: Requirement

  var description: String {
    "\(requirement.reason). In CI a skip is a failure unless Tests/allowed-skips.txt lists it."
  }
}

/// Whether this is CI, as CI systems say it.
private let isCI = !["", "0", "false"].contains(ProcessInfo.processInfo.environment["CI"] ?? "")

/// The requirements whose absence CI accepts: the first word of each line that is no comment.
private let allowedSkips = Result<Set<String>, any Error> {
  let list = try String(
    contentsOf: checkout.appending(path: "Tests/allowed-skips.txt"), encoding: .utf8)
  return Set(
    list.split(separator: "\n").compactMap { line in
      line.hasPrefix("#") ? nil : line.split(separator: " ").first.map(String.init)
    })
}
