internal import Layers

/// The arrays of an HDF5 file, as `h5py` writes them by default and Keras saves its weights.
///
/// Reads version 0 and 1 of the superblock, groups with symbol tables, and arrays in one piece, as
/// the "HDF5 File Format Specification, Version 3.0" describes them (its chapters are given below).
/// Everything in the file refers to everything else by offsets; all of them are checked in
/// ``HDF5Bytes``, and the number of steps is limited, because a file can refer to itself.
struct HDF5File {
  /// Array by its path from the root, without a leading slash.
  private(set) var arrays: [String: HDF5Array] = [:]
  private let bytes: HDF5Bytes

  /// Groups, arrays, nodes of their trees and messages that are read, at most; Keras's largest
  /// networks have some ten thousand.
  private static let mostSteps = 1_000_000
  /// Groups within groups, at most.
  private static let deepest = 16

  init(_ file: MappedFile) throws(WireFault) {
    bytes = HDF5Bytes(file)
    let root = try rootHeader()
    let names = WireBudget()
    var steps = Self.mostSteps
    var groups: [(path: String, header: Int, depth: Int)] = [("", root, 0)]
    while let group = groups.popLast() {
      let header = try HDF5Header(bytes, at: group.header, steps: &steps)
      guard let table = header.symbolTable else {
        if let array = try header.array() { arrays[group.path] = array }
        continue
      }
      guard group.depth < Self.deepest else {
        throw WireFault(message: "Its groups are nested deeper than \(Self.deepest).")
      }
      for entry in try entries(table, &steps) {
        let path = group.path.isEmpty ? entry.name : "\(group.path)/\(entry.name)"
        try names.spend(path.utf8.count)
        groups.append((path, entry.header, group.depth + 1))
      }
    }
  }

  /// Where the root's object header is (II.A, the superblock).
  private func rootHeader() throws(WireFault) -> Int {
    let version = try bytes.number(8, 1)
    guard version < 2 else {
      throw WireFault(
        message: "Its superblock has version \(version); h5py's default writes version 0.")
    }
    guard try bytes.number(13, 1) == 8, try bytes.number(14, 1) == 8 else {
      throw WireFault(message: "Its offsets and lengths don't have 8 bytes.")
    }
    return try bytes.offset(version == 0 ? 64 : 68)
  }

  /// The entries of a group (III.A.1, version 1 B-trees; III.B, symbol tables).
  private func entries(
    _ table: (tree: Int, heap: Int), _ steps: inout Int
  ) throws(WireFault) -> [(name: String, header: Int)] {
    try bytes.expect("HEAP", at: table.heap)
    let names = try bytes.offset(table.heap + 24)
    let nameBytes = try bytes.offset(table.heap + 8)
    var found: [(name: String, header: Int)] = []
    var nodes = [table.tree]
    while let node = nodes.popLast() {
      try Self.spend(1, &steps)
      if try bytes.has("TREE", at: node) {
        guard try bytes.number(node + 4, 1) == 0 else {
          throw WireFault(message: "A group has another kind of tree.")
        }
        for child in 0..<Int(try bytes.number(node + 6, 2)) {
          nodes.append(try bytes.offset(node + 32 + 16 * child))
        }
        continue
      }
      try bytes.expect("SNOD", at: node)
      for index in 0..<Int(try bytes.number(node + 6, 2)) {
        let entry = node + 8 + 40 * index
        // A symbolic link has no object header.
        guard try bytes.number(entry + 16, 4) != 2 else { continue }
        try Self.spend(1, &steps)
        let name = try bytes.text(names, try bytes.offset(entry), within: nameBytes)
        found.append((name, try bytes.offset(entry + 8)))
      }
    }
    return found
  }

  /// Takes `count` of the steps that are left.
  static func spend(_ count: Int, _ steps: inout Int) throws(WireFault) {
    steps -= count
    guard steps > 0 else {
      throw WireFault(
        message: "It has more than \(mostSteps) groups, arrays and messages.", isTooLarge: true)
    }
  }
}
