/// Everything that the library throws.
///
/// Match the case for the kind of failure, and the code inside for the exact one:
///
///     do {
///       let picture = try Picture(contentsOf: url)
///     } catch .media(let failure) where failure.code == .notFound {
///       print("There is no \(failure.source).")
///     }
public enum StreamDetectError: Error, Hashable, Sendable {
  /// A picture, video or stream could not be opened, read or decoded.
  case media(MediaFailure)
  /// Several sources of one run failed; the results of the others were delivered.
  case sources([MediaFailure])
  /// A model could not be opened, imported or used.
  case model(ModelFailure)
  /// An option has a value that is impossible.
  case options(OptionFailure)
  /// A result could not be written.
  case output(OutputFailure)
  /// Annotations or predictions could not be read or compared.
  case annotations(AnnotationFailure)
}

extension StreamDetectError: CustomStringConvertible {
  /// What failed, why, and what to do about it.
  public var description: String {
    switch self {
    case .media(let failure): failure.description
    case .sources(let failures): failures.map(\.description).joined(separator: " ")
    case .model(let failure): failure.description
    case .options(let failure): failure.description
    case .output(let failure): failure.description
    case .annotations(let failure): failure.description
    }
  }

  /// Whether the same call may succeed later: true for a lost network, false for a damaged file.
  public var isTransient: Bool {
    switch self {
    case .media(let failure): failure.isTransient
    case .sources(let failures): failures.contains(where: \.isTransient)
    case .model, .options, .output, .annotations: false
    }
  }
}
