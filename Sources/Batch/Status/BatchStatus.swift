package import Foundation
internal import Pipeline

/// How far a batch is, according to the receipts in its folder.
package struct BatchStatus: Sendable {
  /// A source that isn't complete for good.
  package struct Fault: Sendable {
    /// Its id.
    package let source: String
    /// How it ended.
    package let status: Receipt.Status
    /// Why: a stable word, a colon and a sentence.
    package let reason: String
  }

  /// Seconds back from now in which the rate is measured.
  package static let window = 600.0

  /// All sources.
  package private(set) var total = 0
  /// Those with a whole result.
  package private(set) var complete = 0
  /// Those that failed, or whose result lacks something, for good.
  package private(set) var faults: [Fault] = []
  /// Frames with a result.
  package private(set) var frames = 0
  /// Objects by their labels.
  package private(set) var objects: [String: Int] = [:]
  /// Sources that were finished within the window, and the seconds since the first of them began.
  package private(set) var recent = (count: 0, seconds: 0.0)

  /// Those that are neither complete nor faulty.
  package var left: Int { total - complete - faults.count }

  /// Sources that are finished in an hour; `nil` if none was within the window.
  package var rate: Double? {
    recent.count > 0 ? Double(recent.count) / max(recent.seconds, 1) * 3600 : nil
  }

  /// Seconds until all are finished, at this rate.
  package var timeLeft: Double? { rate.map { Double(left) / $0 * 3600 } }

  /// Counts the receipts of the batch in the folder `root`.
  ///
  /// Whether a source's file has changed since is for the next run to find out.
  ///
  /// - Throws: `BatchError` if there is no batch.
  package init(in root: String, now: Date = Date()) throws(BatchError) {
    let plan = try BatchPlan(in: root)
    let store = BatchStore(
      root: root, model: .init(name: "", sha256: plan.modelHash), folders: plan.folders)
    total = plan.entries.count
    let items = plan.entries.map { entry in
      BatchItem(
        source: MediaSource(name: entry.id, location: "", kind: .file), place: entry.place,
        options: .init(hash: entry.optionsHash))
    }
    for standing in store.standings(of: items, checksInput: false) {
      switch standing {
      case .open: break
      case .done(let receipt), .failed(let receipt): add(receipt, now)
      }
    }
  }

  private mutating func add(_ receipt: ReadReceipt, _ now: Date) {
    frames += receipt.processed
    for (label, count) in receipt.objects { objects[label, default: 0] += count }
    if receipt.status == .complete {
      complete += 1
    } else {
      faults.append(
        Fault(source: receipt.source, status: receipt.status, reason: receipt.reason ?? ""))
    }
    guard let finished = receipt.finished else { return }
    let age = now.timeIntervalSince(finished)
    guard age >= 0, age <= Self.window else { return }
    recent.count += 1
    recent.seconds = max(recent.seconds, min(age + receipt.elapsed, Self.window))
  }
}
