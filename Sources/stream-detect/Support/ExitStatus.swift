/// The exit codes; other programs depend on the numbers.
enum ExitStatus: Int32, Error {
  case complete = 0
  case internalError = 1
  case usage = 2
  case badInput = 3
  case transientFailure = 4
  case model = 5
  case output = 6
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// The table for `--help`.
  static let help = """
    EXIT CODES:
      0     every source complete
      1     internal error; report it
      2     usage or configuration
      3     finished, but some inputs are permanently bad (each is named)
      4     transient input or network failure: try again (wins over 3)
      5     model missing, invalid or checksum wrong
      6     output failed: disk full, broken sink, encoder
      129   stopped by SIGHUP; results up to that point are complete
      130   stopped by SIGINT; results up to that point are complete
      143   stopped by SIGTERM; results up to that point are complete

    The first signal finishes the frames in progress; a second one, at least half a second later,
    ends the program at once.

    If standard output is closed (| head), the program stops quietly with exit code 0.
    """
}
