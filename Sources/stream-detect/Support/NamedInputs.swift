internal import Output
internal import Support

/// The files that lines of results name as their sources, which an output must not replace.
///
/// They are known only while the lines are read, and an output replaces what is in its place at the
/// end.
struct NamedInputs {
  private let output: String
  /// What the output would replace.
  private let replaced: FileIdentity?

  /// Notes what is in the place of an output.
  init(output: String) {
    self.output = output
    replaced = isRegularOutput(output) ? FileIdentity(path: output) : nil
  }

  /// Checks a source of the file `results`, whose lines say that it is at `address`.
  ///
  /// - Throws: `ProgramError` if the output would replace it.
  func check(_ address: String?, in results: String) throws {
    guard let replaced, let address,
      Self.files(of: address, beside: results).contains(where: {
        FileIdentity(path: $0) == replaced
      })
    else { return }
    throw ProgramError(
      .usage, output, "this output is a source of the results in \(printable(results))",
      remedy: "Choose another path; inputs are never written to")
  }

  /// The file at an address, as seen from the working folder and from that of the results; none for
  /// what isn't local.
  static func files(of address: String, beside results: String) -> [String] {
    guard let path = FileAddress.path(of: address) ?? (address.contains("://") ? nil : address)
    else { return [] }
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let folder = results == "-" ? "" : PathText.parent(of: results)
    return [path, isAbsolute ? path : PathText.join(folder, path)]
  }
}
