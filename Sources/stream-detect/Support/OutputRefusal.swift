internal import Output

/// Rejects an output that would be written in place of a file that the command reads.
///
/// `inputs` are paths, also of files that are missing.
///
/// - Throws: `ProgramError`.
func refuseOverwriting(_ inputs: [String?], with output: String?) throws {
  guard let output, isRegularOutput(output), InputFiles(inputs.compactMap { $0 }).contains(output)
  else { return }
  throw ProgramError(
    .usage, output, "this output is one of the inputs",
    remedy: "Choose another path; inputs are never written to")
}
