internal import Foundation
internal import Output
internal import Support

/// The folder of a batch: where the results and receipts of its sources are, and which of them are
/// finished.
///
/// A receipt is beside its result, `OUT/PLACE.receipt.json` beside `OUT/PLACE.jsonl`: one call
/// opens it without a listing or an index that workers would have to share, it moves along with its
/// result, and `rm OUT/PLACE.*` has a source done again.
package struct BatchStore: Sendable {
  /// How a source stands.
  package enum Standing: Sendable {
    /// It has to be done: there is no receipt, or one for something else.
    case open
    /// It is finished, and its outputs are there.
    case done(ReadReceipt)
    /// It failed for good.
    case failed(ReadReceipt)
  }

  /// The folder.
  package let root: String
  /// The model that is used.
  package let model: Receipt.Model
  /// The folders of outputs that aren't lines, as given.
  package let folders: [Receipt.Output.Kind: String]

  /// Describes the batch in the folder `root`.
  package init(
    root: String, model: Receipt.Model, folders: [Receipt.Output.Kind: String] = [:]
  ) {
    self.root = root
    self.model = model
    self.folders = folders
  }

  /// The end of a receipt's name.
  package static let receiptSuffix = ".receipt.json"
  /// The end of a result's name.
  package static let linesSuffix = ".jsonl"

  /// The path of a source's receipt.
  package func receiptPath(of item: BatchItem) -> String {
    PathText.join(root, item.place + Self.receiptSuffix)
  }

  /// The path of a source's JSON lines.
  package func linesPath(of item: BatchItem) -> String {
    PathText.join(root, item.place + Self.linesSuffix)
  }

  /// The path of another output of a source, a file or a folder; `nil` if there is none.
  package func path(of kind: Receipt.Output.Kind, of item: BatchItem) -> String? {
    switch kind {
    case .lines: linesPath(of: item)
    case .video:
      folders[kind].map {
        PathText.join($0, OutputTree.fileName(of: item.place, content: .videos))
      }
    case .crops, .snapshots: folders[kind].map { PathText.join($0, item.place) }
    }
  }

  /// How each of many sources stands.
  ///
  /// Without `checksInput` a changed file counts as done.
  package func standings(of items: [BatchItem], checksInput: Bool = true) -> [Standing] {
    let byPath = Dictionary(
      items.map { (receiptPath(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
    let found = DiskCall.each("read", items.map { receiptPath(of: $0) }) { path -> Standing in
      byPath[path].map { standing(waitingFor: $0, checksInput: checksInput) } ?? .open
    }
    // What is on a drive that doesn't answer is tried when its turn comes.
    return found.map { $0 ?? .open }
  }

  /// How a source stands, for as long as the disk takes.
  package func standing(waitingFor item: BatchItem, checksInput: Bool = true) -> Standing {
    guard let bytes = try? FileBytes.read(waitingFor: receiptPath(of: item), most: 1 << 20),
      let receipt = ReadReceipt(bytes), receipt.source == item.id,
      receipt.modelHash == model.sha256, receipt.optionsHash == item.options.hash,
      !checksInput || receipt.input == InputState(waitingFor: item.source),
      receipt.outputs.allSatisfy({ isWhole($0, of: item) })
    else { return .open }
    if receipt.status == .failed { return .failed(receipt) }
    return receipt.outputs.contains { $0.kind == .lines } ? .done(receipt) : .open
  }

  /// What was written of a source besides its lines.
  func pictureOutputs(of item: BatchItem) -> [Receipt.Output] {
    [Receipt.Output.Kind.video, .crops, .snapshots].compactMap { kind in
      guard let path = path(of: kind, of: item) else { return nil }
      if kind == .video {
        // A source without a frame has none.
        guard let status = try? FileStatus(path), let hash = FileHash.digits(of: path) else {
          return nil
        }
        return Receipt.Output(kind: kind, path: path, bytes: status.size, sha256: hash)
      }
      let contents = PictureFolder.contents(waitingFor: path)
      return Receipt.Output(kind: kind, path: path, bytes: contents.bytes, files: contents.files)
    }
  }

  private func isWhole(_ output: Receipt.Output, of item: BatchItem) -> Bool {
    guard let path = path(of: output.kind, of: item), recorded(path, output.kind) == output.path
    else { return false }
    guard let files = output.files else {
      guard let status = try? FileStatus(waitingFor: path) else { return false }
      return status.kind == .file && status.size == output.bytes
    }
    return PictureFolder.contents(waitingFor: path) == .init(files: files, bytes: output.bytes)
  }

  /// The path of an output as a receipt has it: that of lines doesn't depend on where the folder
  /// is.
  func recorded(_ path: String, _ kind: Receipt.Output.Kind) -> String {
    guard kind == .lines else { return path }
    return String(Substring(path.utf8.dropFirst(PathText.join(root, "").utf8.count)))
  }
}
