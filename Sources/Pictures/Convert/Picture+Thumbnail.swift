public import Media

extension Picture {
  /// The picture itself if it fits into a box of this size, else a copy that was scaled down to
  /// fit, with its proportions.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  public func fitted(width mostWidth: Int, height mostHeight: Int) throws(MediaError) -> Picture {
    let scale = min(
      Double(max(mostWidth, 1)) / Double(width), Double(max(mostHeight, 1)) / Double(height))
    guard scale < 1 else { return self }
    func side(_ length: Int) -> Int { max(Int((Double(length) * scale).rounded()), 1) }
    let format = PictureFormat(of: self, width: side(width), height: side(height))
    return try PictureConform().fitted(self, to: format)
  }
}
