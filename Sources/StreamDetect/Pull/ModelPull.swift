package import Download
internal import Foundation
package import Media
package import ModelImport
package import Models
internal import Support

/// Downloads weights, checks them, and imports them into the model folder.
package struct ModelPull: Sendable {
  /// What is downloaded, and what becomes of it.
  package struct Request: Sendable {
    /// The address of the weights.
    package var address: WebAddress
    /// What is known of their SHA-256.
    package var hash: ExpectedHash
    /// The model's name in the folder.
    package var name: String
    /// What is known of the weights, without their path.
    package var options = Options()
    /// Bytes that the file may have.
    package var limit = ModelPull.standardLimit
    /// How often a disturbed download is tried again.
    package var retries = 3

    package init(address: WebAddress, hash: ExpectedHash, name: String) {
      self.address = address
      self.hash = hash
      self.name = name
    }
  }

  /// What the file of weights may not say.
  package struct Options: Sendable {
    package var architecture: ImportArchitecture?
    package var labels: String?
    package var license: String?
    /// Who published the weights.
    package var source: String?
    /// The file with the weights, if what is downloaded is an archive.
    package var member: String?

    package init() {}
  }

  /// A model that was pulled.
  package struct Outcome: Sendable {
    package let model: ModelFile
    /// The hash of the downloaded file: 64 hexadecimal digits.
    package let sha256: String
  }

  /// What an importer may read of a file, at most: 512 MiB.
  package static let standardLimit = 512 << 20

  private let directory: ModelDirectory
  private let downloader: Downloader

  /// Makes a pull into a folder.
  package init(into directory: ModelDirectory, with downloader: Downloader) {
    self.directory = directory
    self.downloader = downloader
  }

  /// Where the model called `name` is kept.
  package func path(of name: String) -> String {
    PathText.join(directory.path, name + ".safetensors")
  }

  /// The model called `name`, if the folder has one from the same address.
  ///
  /// - Throws: `DownloadError` with `in_use` if the folder has another model of that name.
  package func existing(_ request: Request) throws -> ModelFile? {
    let path = path(of: request.name)
    guard FolderListing.item(at: path) != .missing else { return nil }
    let model = try ModelFile(path: path)
    let isSame = model.description.provenance.hasPrefix(request.address.text + ",")
    guard isSame else {
      throw DownloadError(
        .inUse, path, "There is another model of that name.",
        remedy: "Choose another one with --name, or write over it with --replace.")
    }
    return model
  }

  /// Downloads, checks, imports, and removes what was downloaded.
  ///
  /// The model appears under its name when it is complete. Weights that arrived and can't be
  /// imported are kept, so that another attempt with other options needs no network.
  ///
  /// - Throws: `DownloadError` or `ModelFileError`.
  package func run(
    _ request: Request, control: DownloadControl = DownloadControl()
  ) throws -> Outcome {
    var download = Download(address: request.address, hash: request.hash, limit: request.limit)
    download.retries = request.retries
    let file = try downloader.fetch(
      download, into: PathText.join(directory.path, Self.folder), control: control)
    let path = try weights(in: file, request)
    var weights = ImportRequest(path: path, output: self.path(of: request.name))
    weights.architecture = request.options.architecture
    weights.labels = request.options.labels
    weights.license = request.options.license
    weights.name = request.name
    weights.provenance =
      "\(request.address.text), SHA-256 \(file.sha256)"
      + (request.options.source.map { ", \($0)" } ?? "")
    let model = try Importer.run(weights)
    file.remove()
    return Outcome(model: model, sha256: file.sha256)
  }

  /// The path of the weights: that of the file, or of one that is taken out of an archive.
  private func weights(
    in file: DownloadedFile, _ request: Request
  ) throws(ModelFileError) -> String {
    guard let archive = try GzippedTar(path: file.path) else { return file.path }
    guard let member = request.options.member else {
      throw ModelFileError(
        .invalidOption, path: request.address.text, message: "This is an archive of files.",
        remedy: "Say which of them has the weights: --member NAME.")
    }
    let name = PathText.name(of: member)
    let path = PathText.join(PathText.parent(of: file.path), "member-" + name)
    try archive.extract(member, to: path, limit: request.limit)
    return path
  }

  /// The folder with what is being downloaded; its name hides it from lists of models.
  private static let folder = ".pulling"
}

extension ModelPull.Request {
  /// The request for weights of the catalogue, from their publisher or a mirror of the folder.
  package init(_ entry: CatalogueEntry, mirror: String? = nil) throws(DownloadError) {
    let folder = mirror.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? entry.folder
    let address = try WebAddress(folder + entry.file)
    let known = entry.sha256.flatMap { ExpectedHash(whole: $0) }
    guard let hash = known ?? ExpectedHash(fileName: entry.file) else {
      preconditionFailure("no hash of \(entry.file)")
    }
    self.init(address: address, hash: hash, name: entry.name)
    options.architecture = entry.architecture
    options.license = entry.license
    options.source = entry.source
    options.member = entry.member
  }
}

/// Makes downloaders that use FFmpeg's TLS.
package enum SecureDownloads {
  /// How connections are made.
  package struct Options: Sendable {
    package var openTimeout = 10.0
    package var readTimeout = 10.0

    package init() {}
  }

  /// A downloader for `control`; proxies and certificates come from the environment.
  ///
  /// - Throws: `DownloadError` if `SSL_CERT_FILE` names no file.
  package static func downloader(
    _ options: Options, cancellation: Cancellation,
    note: @escaping @Sendable (String) -> Void
  ) throws(DownloadError) -> Downloader {
    let environment = ProcessInfo.processInfo.environment
    var connection = SecureConnection.Options()
    connection.openTimeout = options.openTimeout
    connection.readTimeout = options.readTimeout
    if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
      guard FolderListing.item(at: path) == .file else {
        throw DownloadError(
          .invalidAddress, "SSL_CERT_FILE", "It names no file: \(path).",
          remedy: "Unset it, or name a file with certificates in PEM.")
      }
      connection.authorities = path
    }
    return Downloader(
      TLSConnector(options: connection, cancellation: cancellation),
      userAgent: "stream-detect/\(LibraryVersion.text)", environment: environment, note: note)
  }
}
