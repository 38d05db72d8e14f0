internal import ArgumentParser
internal import Download
internal import Logging
internal import Media
internal import ModelImport
internal import Models
internal import Output
internal import StreamDetect
internal import Support

/// `stream-detect models pull`.
struct ModelsPullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Downloads published weights and imports them into the model folder.",
    discussion: """
      Names: \(ModelCatalogue.entries.map(\.name).joined(separator: ", ")).

      This is the only command that downloads anything. Addresses must be https, and the server's \
      certificate is checked against the system's authorities, or those in $SSL_CERT_FILE. The \
      file must have the SHA-256 of --sha256, or begin with the digits in its name \
      (mobilenet_v2-7ebf99e0.pth); the hash is shown whole. A download that was stopped or \
      disturbed goes on where it stopped. Proxies: $https_proxy, $no_proxy.

      Exit codes: 2 for an unknown name, an address without https or without a hash, and a name \
      that is taken; 4 for a network or a server that may work later; 5 for a missing file, a \
      wrong hash, a certificate that can't be trusted, a redirect that is refused, a file that is \
      too large or can't be imported; 6 for a model folder that can't be written; 130 for an \
      interrupt, after which the part that has arrived is kept.
      """)

  @Argument(
    help: ArgumentHelp("A name from the list above, or an https address.", valueName: "name|url"))
  var what: String

  @Option(
    help: ArgumentHelp(
      "The SHA-256 of the file, 64 hexadecimal digits. With it, the server may lead to other hosts.",
      valueName: "digits"))
  var sha256: String?

  @Option(
    help: ArgumentHelp(
      "Name of the model in the folder. (default: the name, or that of the file)",
      valueName: "name"))
  var name: String?

  @Flag(help: "Write over another model of that name.")
  var replace = false

  @Option(
    help: ArgumentHelp(
      "An https folder with the files of the list, instead of their publisher's.",
      valueName: "url"))
  var mirror: String?

  @Option(
    help: ArgumentHelp(
      "The file with the weights in a .tar.gz archive, with or without its folder.",
      valueName: "name"))
  var member: String?

  @Option(help: "Architecture of the network at an address, if its weights don't tell.")
  var architecture: ImportArchitecture?

  @Option(
    help: ArgumentHelp(
      "File with the class names, one per line or as a JSON array.", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("Licence of weights at an address.", valueName: "text"))
  var license: String?

  @Option(
    help: ArgumentHelp("Largest file that is downloaded, such as 100MB.", valueName: "size"))
  var maxSize = ByteCount(ModelPull.standardLimit)

  @Option(
    help: ArgumentHelp(
      "How often a disturbed download is tried again when little more has arrived.",
      valueName: "n"))
  var retries = 3

  @Option(help: ArgumentHelp("Maximum time to connect.", valueName: "time"))
  var openTimeout = TimeSpan(seconds: 10)

  @Option(help: ArgumentHelp("Maximum time to wait for data.", valueName: "time"))
  var readTimeout = TimeSpan(seconds: 10)

  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if !(0...100).contains(retries) {
      throw ValidationError("--retries is \(retries); it must be between 0 and 100.")
    }
    for (name, value) in [("--open-timeout", openTimeout), ("--read-timeout", readTimeout)]
    where value.seconds <= 0 {
      throw ValidationError("\(name) is 0; it must be above 0.")
    }
    if let sha256, ExpectedHash(whole: sha256) == nil {
      throw ValidationError("--sha256 is '\(sha256)'; it must have 64 hexadecimal digits.")
    }
    if let name, !Self.isUsable(name) {
      throw ValidationError("--name is '\(name)'; it must be a file name without '/'.")
    }
  }

  func run() throws {
    let logger = report.makeLogger()
    let request = try request()
    FFmpegLog.install(logger: logger)
    let cancellation = Cancellation()
    var options = SecureDownloads.Options()
    options.openTimeout = openTimeout.seconds
    options.readTimeout = readTimeout.seconds
    let downloader = try SecureDownloads.downloader(options, cancellation: cancellation) {
      logger.warning("\($0)")
    }
    let directory = ModelDirectory()
    let pull = ModelPull(into: directory, with: downloader)
    if !replace, let model = try pull.existing(request) {
      return try printText("\(request.name): already there, \(model.path)")
    }
    let signals = Signals(
      logger: logger, notice: "stopping; what has arrived is kept for the next time"
    ) { cancellation.cancel() }
    let control = DownloadControl { cancellation.isCancelled }
    let reporter = progress.style(isQuiet: report.quiet, hasLinesOnTerminal: false).map {
      DownloadReporter(request.name, control, style: $0)
    }
    let outcome: ModelPull.Outcome
    do {
      defer { reporter?.finish() }
      outcome = try pull.run(request, control: control)
    } catch let error as DownloadError where error.code == .cancelled {
      throw signals.status ?? .interrupted
    }
    try printText(text(outcome, request))
  }

  // MARK: The request

  private func request() throws -> ModelPull.Request {
    var request = try what.contains("://") ? addressed() : listed()
    request.limit = maxSize.value
    request.retries = retries
    if let name { request.name = name }
    if let hash = sha256.flatMap({ ExpectedHash(whole: $0) }) { request.hash = hash }
    if let architecture { request.options.architecture = architecture }
    if let labels { request.options.labels = labels }
    if let member { request.options.member = member }
    if let license { request.options.license = license }
    return request
  }

  private func listed() throws -> ModelPull.Request {
    if let entry = ModelCatalogue.entry(named: what) { return try .init(entry, mirror: mirror) }
    let names = ModelCatalogue.entries.map(\.name)
    let near = nearestNames(to: what, among: names)
    throw ProgramError(
      .usage, what, "there is no such name in the list",
      remedy: near.isEmpty
        ? "Choose one of \(names.joined(separator: ", ")), or give an https address"
        : "Nearest: \(near.joined(separator: ", "))")
  }

  private func addressed() throws -> ModelPull.Request {
    let address = try WebAddress(what)
    let file = address.fileName ?? ""
    guard let hash = sha256.flatMap({ ExpectedHash(whole: $0) }) ?? ExpectedHash(fileName: file)
    else {
      throw ProgramError(
        .usage, address.text, "nothing is known of the file's SHA-256",
        remedy: "Give it with --sha256; its publisher should state it")
    }
    let name = name ?? Self.name(of: file, hash)
    guard Self.isUsable(name) else {
      throw ProgramError(
        .usage, address.text, "it does not tell a name for the model",
        remedy: "Give one with --name")
    }
    return ModelPull.Request(address: address, hash: hash, name: name)
  }

  /// The name of a file without its suffix and the digits of its hash.
  private static func name(of file: String, _ hash: ExpectedHash) -> String {
    let whole = file.hasSuffix(".tar.gz") ? String(file.dropLast(".tar.gz".count)) + ".tgz" : file
    let stem = whole.lastIndex(of: ".").map { String(whole[..<$0]) } ?? whole
    let digits = "-" + hash.digits
    return stem.lowercased().hasSuffix(digits) ? String(stem.dropLast(digits.count)) : stem
  }

  private static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name != ModelFile.builtInName
  }

  // MARK: The result

  private func text(_ outcome: ModelPull.Outcome, _ request: ModelPull.Request) -> String {
    let description = outcome.model.description
    let network = description.architecture
    let command =
      network.isDetector ? "detect" : network.isSegmenter ? "segment" : "classify"
    let check =
      request.hash.isWhole ? "as expected" : "begins with \(request.hash.digits), as expected"
    return """
      \(outcome.model.path): \(network.summary), input \(network.inputWidth) x \
      \(network.inputHeight), \(network.labelCount) classes, \
      \(decimals(Double(outcome.model.byteCount) / 1e6, 1)) MB
      source:  \(request.address.text)
      SHA-256: \(outcome.sha256) (\(check))
      licence: \(description.license)
      use:     stream-detect \(command) SOURCE --model \(request.name)
      """
  }
}
