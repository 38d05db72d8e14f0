/// The exit codes; other programs depend on the numbers.
enum ExitStatus: Int32, Error {
  case complete = 0
  case internalError = 1
  case usage = 2
  case badInput = 3
  case transientFailure = 4
  case model = 5
  case output = 6
  case checkpoint = 7
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// The table for `--help`.
  static let help = """
    EXIT CODES:
      0     every source complete
      1     internal error; report it
      2     usage or configuration; an output that is an input or another run's
      3     finished, but some inputs are permanently bad (each is named)
      4     transient input or network failure: try again (wins over 3); also a
            drive that doesn't answer for 10 seconds, with models or lists too
      5     model missing, invalid or checksum wrong
      6     output failed: disk full, broken sink, encoder, a pipe's reader gone
      7     batch only: stopped before all sources were done; run it again
      129   stopped by SIGHUP; results up to that point are complete
      130   stopped by SIGINT; results up to that point are complete
      143   stopped by SIGTERM; results up to that point are complete

    The first signal finishes the frames in progress and the files, for as long as \
    anything moves. A second one, at least half a second later, and 10 seconds in \
    which nothing moves end the program at once; files then keep their temporary \
    names.

    If the reader of standard output goes (| head), the program stops quietly with \
    exit code 0.
    """
}
