internal import Foundation
internal import Media
internal import Support

/// A source of frames: where it is and what the user calls it.
public struct MediaSource: Hashable, Sendable {
  /// How the source's frames arrive.
  public enum Kind: String, Sendable {
    /// As fast as they are read; files are read one after the other, and no frame is lost.
    case file
    /// At their own pace; live sources are read at the same time, and opened again when lost.
    case live
  }

  /// The stable name in every record; without secrets.
  public var name: String
  /// What is opened: a path, a URL, or `-`.
  public var location: String
  /// How the source's frames arrive.
  public var kind: Kind
  /// Whether the kind is known only once the source is open: an address with HTTP may be a camera's
  /// or a file's.
  public var isKindOpen = false
  /// The part of it that is analysed, if it has one of its own.
  package var part: SourcePart?

  /// Makes a source whose kind follows from its location, named as it is written without secrets.
  public init(_ location: String) {
    let isLive = Location.isLive(location, scheme: Self.scheme(of: location))
    self.init(
      name: redacted(location), location: location, kind: isLive == true ? .live : .file)
    isKindOpen = isLive == nil
  }

  /// Makes a source from its parts.
  public init(name: String, location: String, kind: Kind) {
    self.name = name
    self.location = location
    self.kind = kind
  }

  /// The scheme of a URL in lower case; `nil` for a path, even if it contains a colon.
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

  /// Whether it is a file that has an end, or can't be told from one: it is missing, say.
  var isRegularFile: Bool {
    if location == "-" || Location.isLive(location, scheme: nil) == true { return false }
    guard Self.scheme(of: location) == nil else { return false }
    return [.file, .missing, .unanswered].contains(FolderListing.item(at: location))
  }
}
