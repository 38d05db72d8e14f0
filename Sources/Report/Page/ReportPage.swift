internal import Foundation
internal import Support

/// What a page shows of a source besides its figures.
package struct PageMedia: Sendable {
  /// The address of the video, relative to the page.
  package var videoAddress: String?
  /// The name of the video.
  package var videoName: String?
  /// A JPEG file of one frame.
  package var still: [UInt8]?
  /// JPEG files of tracks, by their place in the source's `tracks`.
  package var pictures: [Int: [UInt8]] = [:]

  /// Shows nothing.
  package init() {}
}

/// A page of HTML that shows what happened, in one file that needs no other.
///
/// Its policy forbids the browser to load anything from a network, and to run any script but the
/// page's own: what is in the results can't change that.
package struct ReportPage {
  private let digest: RunDigest
  private let media: [Int: PageMedia]
  private let version: String

  /// Makes a page of a digest that keeps the course; `media` are those of its sources, by place.
  package init(_ digest: RunDigest, media: [Int: PageMedia] = [:], version: String) {
    self.digest = digest
    self.media = media
    self.version = version
  }

  /// The page as a file.
  package func html() -> [UInt8] {
    let policy =
      "default-src 'none'; script-src '\(Self.hash(Self.script))'; "
      + "style-src '\(Self.hash(Self.style))'; img-src data:; media-src 'self' file:; "
      + "base-uri 'none'; form-action 'none'"
    var page: [UInt8] = []
    var rest = PackageResources.page_html[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "%")),
      let end = rest[(start + 1)...].firstIndex(of: UInt8(ascii: "%"))
    {
      page += rest[..<start]
      switch String(decoding: rest[(start + 1)..<end], as: UTF8.self) {
      case "POLICY": page += policy.utf8
      case "VERSION": page += Self.escaped(version).utf8
      case "TITLE": page += Self.escaped(title).utf8
      case "STYLE": page += Self.style
      case "SCRIPT": page += Self.script
      case "DATA": page += PageData(digest, media: media, title: title).json()
      case let name: preconditionFailure("the page has no place for \(name)")
      }
      rest = rest[(end + 1)...]
    }
    return page + rest
  }

  private var title: String {
    guard digest.sources.count == 1, let source = digest.sources.first else {
      return "What happened in \(digest.sources.count) sources"
    }
    return "What happened in \(PathText.name(of: source.shownName))"
  }

  private static let style = PackageResources.page_css

  private static let script: [UInt8] =
    Array("(() => {\n\"use strict\";\n".utf8) + PackageResources.base_js + PackageResources.axis_js
    + PackageResources.timeline_js + PackageResources.charts_js + PackageResources.heat_js
    + PackageResources.table_js + PackageResources.main_js + Array("})();\n".utf8)

  /// What a policy calls a script or a style.
  private static func hash(_ text: [UInt8]) -> String {
    let hash = RunningHash()
    hash.add(text)
    return "sha256-" + Data(hash.bytes).base64EncodedString()
  }

  /// Text as HTML.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in UnsafeText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension SourceDigest {
  /// Its name for people.
  package var shownName: String {
    guard let pictures else { return UnsafeText.escaped(name) }
    return "\(pictures) picture\(pictures == 1 ? "" : "s")"
  }
}
