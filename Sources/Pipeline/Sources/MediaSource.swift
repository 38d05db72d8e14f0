internal import Media

/// One thing to look at: where it is and what the user calls it.
public struct MediaSource: Hashable, Sendable {
  /// How the source's frames arrive.
  public enum Kind: String, Sendable {
    /// As fast as they are asked for; read one file after the other, nothing is lost.
    case file
    /// In their own time; read all at once, and opened again when lost.
    case live
  }

  /// The stable name in every record; without secrets.
  public var name: String
  /// What is opened: a path, a URL, or `-`.
  public var location: String
  /// How the source's frames arrive.
  public var kind: Kind

  /// Makes a source whose kind shows in its location, named as it is written but for secrets.
  public init(_ location: String) {
    self.init(name: redacted(location), location: location, kind: Self.kind(of: location))
  }

  /// Makes a source from its parts.
  public init(name: String, location: String, kind: Kind) {
    self.name = name
    self.location = location
    self.kind = kind
  }

  /// The scheme of a URL in small letters; `nil` for a path, also for one with a colon in it.
  static func scheme(of location: String) -> String? {
    guard let colon = location.firstIndex(of: ":"), location[colon...].hasPrefix("://") else {
      return nil
    }
    let scheme = location[..<colon].lowercased()
    let isScheme =
      scheme.first?.isLetter == true
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    return isScheme ? scheme : nil
  }

  /// HTTP counts as a file: most of it is video on demand, of which no frame may be lost.
  private static func kind(of location: String) -> Kind {
    if let scheme = scheme(of: location) {
      return Location.liveSchemes.contains(scheme) ? .live : .file
    }
    return location.hasPrefix("/dev/video") ? .live : .file
  }
}
