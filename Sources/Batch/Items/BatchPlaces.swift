internal import Support

/// Where the results of sources are in the output folder.
package enum BatchPlaces {
  /// The places of sources with these ids: relative paths, each of which leads to one of them.
  ///
  /// The place of an id doesn't depend on the order of the list: `clips/a.mp4` is its own, and that
  /// of `/data/a.mp4` is `data/a.mp4`. Where several ids would have one place, also on a file
  /// system that ignores case, each of them gets a checksum of its id at the end.
  package static func places(of ids: [String]) -> [String] {
    let plain = ids.map { PlainPath.of($0) }
    var counts: [String: Int] = [:]
    for place in plain { counts[key(place), default: 0] += 1 }
    return zip(ids, plain).map { id, place in
      counts[key(place)] == 1 ? place : "\(place)-\(RunningHash.digits(of: id).prefix(10))"
    }
  }

  /// Upper case first: "ß" and "SS" are one name to a file system that folds case.
  private static func key(_ place: String) -> String { place.uppercased().lowercased() }
}
