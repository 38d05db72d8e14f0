internal import Support
public import Layers

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Weights as the kernels of one kind of processor read them: mapped, they serve as they are.
public struct PackedSection: Codable, Hashable, Sendable {
  /// The tensor that holds them.
  public let tensor: String
  /// The precision that they are for.
  public let precision: Precision
  /// `PackedLayout.text` of the networks that can read them.
  public let layout: String
  /// Their `Checksum`.
  let checksum: String

  /// The instruction set that they are for.
  public var instructionSet: String { layout.split(separator: "-").first.map(String.init) ?? "" }
}

extension Precision: Codable {}

/// What a file says about its packed weights.
struct PackingRecord: Codable {
  /// The `Checksum` of the description and the weights that were packed.
  var sources: String
  var sections: [PackedSection]

  /// The key under which a model file keeps the record in its metadata.
  static let metadataKey = "stream_detect_packed"

  init(sources: String, sections: [PackedSection]) {
    self.sources = sources
    self.sections = sections
  }

  /// The record of `file`, whose tensors are there; `nil` where nothing is packed.
  init?(_ file: SafetensorsFile) throws(ModelFileError) {
    guard let json = file.metadata[Self.metadataKey] else { return nil }
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)),
      record.sections.allSatisfy({ file.tensor($0.tensor)?.type == .uint8 })
    else { throw Self.fault(file, .damaged, "The record of its packed weights cannot be read.") }
    self = record
  }

  /// Checks that the weights are those that were packed.
  func check(_ file: SafetensorsFile) throws(ModelFileError) {
    guard sources == Self.checksum(of: file, except: Set(sections.map(\.tensor))) else {
      throw Self.fault(file, .damaged, "Its packed weights are not those of its tensors.")
    }
  }

  /// The checksum of all that packing reads.
  static func checksum(of file: SafetensorsFile, except packed: Set<String> = []) -> String {
    var checksum = Checksum()
    checksum.combine(file.metadata[ModelDescription.metadataKey] ?? "")
    for name in file.names where !packed.contains(name) {
      guard let tensor = file.tensor(name) else { continue }
      checksum.combine(name)
      checksum.combine(tensor.type.rawValue)
      for side in tensor.shape { checksum.combine(UInt64(side)) }
      tensor.combine(into: &checksum)
    }
    return checksum.text
  }

  static func fault(
    _ file: SafetensorsFile, _ code: ModelFileError.Code, _ message: String
  ) -> ModelFileError {
    ModelFileError(
      code, path: file.path, message: message,
      remedy: "Make it again: stream-detect models pack ORIGINAL -o \(file.path)")
  }
}

extension StoredTensor {
  fileprivate func combine(into checksum: inout Checksum) {
    withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe checksum.combine($0) }
    }
  }

  fileprivate var checksum: String {
    var checksum = Checksum()
    combine(into: &checksum)
    return checksum.text
  }
}

extension ModelFile {
  /// Writes the same model with its weights packed for `isa`, too, in each of `precisions`; a program that
  /// runs it on such a processor starts sooner, and processes share the weights' memory.
  ///
  /// - Returns: The model, opened and checked.
  /// - Throws: ``ModelFileError`` where the model has never been calibrated for a precision, or the file
  ///   cannot be written.
  @discardableResult
  public func write(
    to target: String, packedFor precisions: [Precision], isa: InstructionSet = .best
  ) throws -> ModelFile {
    var tensors = tensors()
    let packed = Set(packedSections.map(\.tensor))
    var record = PackingRecord(
      sources: PackingRecord.checksum(of: file, except: packed), sections: [])
    for precision in precisions {
      let network = try makeNetwork(isa: isa, numerics: numerics(for: precision))
      let bytes = network.packedWeights()
      let section = PackedSection(
        tensor: "packed.\(isa.rawValue).\(precision.rawValue)", precision: precision,
        layout: network.packedLayout.text, checksum: unsafe bytes.withUnsafeBytes(checksum))
      record.sections.append(section)
      tensors.append(WritableTensor(name: section.tensor, cacheLines: bytes))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var metadata = file.metadata
    metadata[PackingRecord.metadataKey] = String(
      decoding: try encoder.encode(record), as: UTF8.self)
    return try Self.write(to: target, tensors: tensors, metadata: metadata)
  }

  /// Bytes of packed weights.
  public func byteCount(of section: PackedSection) -> Int {
    file.tensor(section.tensor)?.count ?? 0
  }

  /// Packs the weights again for each section of `isa` that this program can read: whether they are the same.
  ///
  /// - Throws: What making a network throws.
  public func checkPackedWeights(isa: InstructionSet = .best) throws -> [PackedSection: Bool] {
    var results: [PackedSection: Bool] = [:]
    for section in packedSections where section.instructionSet == isa.rawValue {
      let network = try makeNetwork(isa: isa, numerics: numerics(for: section.precision))
      guard network.packedLayout.text == section.layout, let tensor = file.tensor(section.tensor)
      else { continue }
      results[section] = tensor.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { unsafe $0.elementsEqual(network.packedWeights()) }
      }
    }
    return results
  }

  /// Finds a network's packed weights by its layout.
  func prepacked(
    _ precision: Precision
  ) -> ((PackedLayout) throws(ModelFileError) -> StoredTensor?)? {
    let sections = packedSections.filter { $0.precision == precision }
    if sections.isEmpty { return nil }
    return { layout throws(ModelFileError) in
      guard let section = sections.first(where: { $0.layout == layout.text }),
        let tensor = file.tensor(section.tensor)
      else { return nil }
      guard tensor.checksum == section.checksum else {
        throw PackingRecord.fault(file, .damaged, "Its packed weights are damaged.")
      }
      return tensor
    }
  }
}

private func checksum(_ bytes: UnsafeRawBufferPointer) -> String {
  var checksum = Checksum()
  unsafe checksum.combine(bytes)
  return checksum.text
}
