internal import Foundation
internal import StreamDetect
internal import Support

/// The sizes of the pictures of a data set, of which only the names are known.
final class PictureSizes {
  private let folder: String?
  private var known: [String: (width: Int, height: Int)] = [:]

  /// What pictures are called that a data set names without a suffix.
  private static let suffixes = ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "avif"]

  /// Looks for the pictures in `folder`; without one none is found.
  init(folder: String?) { self.folder = folder }

  /// The size in pixels, as displayed; `nil` if there is no such picture or it can't be read.
  func size(of name: String) -> (width: Int, height: Int)? {
    guard let folder else { return nil }
    if let size = known[name] { return size }
    let places = ([name] + Self.suffixes.map { "\(name).\($0)" })
      .map { PathText.join(folder, $0) }
    guard let path = places.first(where: { FolderListing.item(at: $0) == .file }),
      let picture = try? Picture(contentsOf: URL(filePath: path))
    else { return nil }
    known[name] = (picture.width, picture.height)
    return known[name]
  }
}
