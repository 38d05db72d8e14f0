internal import Output

/// Rejects an output that would be written in place of a file that the command reads.
///
/// `inputs` are paths, also of files that are missing. The output is claimed, so that a second
/// command that would write it is refused before its work.
///
/// - Throws: `ProgramError`, or `SinkError` if the output can't be claimed.
func refuseOverwriting(
  _ inputs: [String?], with output: String?, claims: Bool = true
) throws {
  guard let output, isRegularOutput(output) else { return }
  guard !InputFiles(inputs.compactMap { $0 }).contains(output) else {
    throw ProgramError(
      .usage, output, "this output is one of the inputs",
      remedy: "Choose another path; inputs are never written to")
  }
  if claims { try claimOutput(output) }
}
