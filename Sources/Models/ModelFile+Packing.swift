internal import Support
public import Layers

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Weights in the layout that the kernels of one kind of processor read, so they can be mapped and
/// used as they are.
public struct PackedSection: Codable, Hashable, Sendable {
  /// Name of their tensor.
  public let tensor: String
  /// Their precision.
  public let precision: Precision
  /// `PackedLayout.text` of the networks that can use them.
  public let layout: String
  /// Checksum of their bytes.
  let checksum: String

  /// The instruction set that they were packed for.
  public var instructionSet: String { layout.split(separator: "-").first.map(String.init) ?? "" }
}

extension Precision: Codable {}

/// A file's record of its packed weights.
struct PackingRecord: Codable {
  /// Checksum of the description and of the weights that were packed.
  var sources: String
  var sections: [PackedSection]

  /// The key under which a model file keeps the record in its metadata.
  static let metadataKey = "stream_detect_packed"

  init(sources: String, sections: [PackedSection]) {
    self.sources = sources
    self.sections = sections
  }

  /// A section for each precision, for more kinds of processors than there are.
  private static let mostSections = 64

  /// The record of `file`, after checking that its tensors exist; `nil` if nothing is packed.
  init?(_ file: SafetensorsFile) throws(ModelFileError) {
    guard let json = file.metadata[Self.metadataKey] else { return nil }
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)),
      record.sections.count <= Self.mostSections,
      record.sections.allSatisfy({ file.tensor($0.tensor)?.type == .uint8 })
    else { throw Self.fault(file, .damaged, "The record of the packed weights cannot be read.") }
    self = record
  }

  /// Checks that the model has not changed since its weights were packed.
  func check(_ file: SafetensorsFile) throws(ModelFileError) {
    guard sources == Self.checksum(of: file, except: Set(sections.map(\.tensor))) else {
      throw Self.fault(file, .damaged, "The packed weights do not match the file's tensors.")
    }
  }

  /// The checksum of everything that packing depends on.
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
      remedy: "Create it again: stream-detect models pack ORIGINAL -o \(file.path)")
  }
}

extension StoredTensor {
  fileprivate func combine(into checksum: inout Checksum) {
    withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe checksum.combine($0) }
    }
  }

  /// The checksum of its bytes, as a packing record has it.
  var checksum: String {
    var checksum = Checksum()
    combine(into: &checksum)
    return checksum.text
  }
}

extension ModelFile {
  /// Writes the same model with its weights also packed for `isa`, in each of `precisions`.
  ///
  /// Processes that run it on such a processor share the memory of the weights, and start a few
  /// milliseconds sooner in bfloat16 and integers.
  ///
  /// - Returns: The model, opened and checked.
  /// - Throws: ``ModelFileError`` if the model was never calibrated for a precision, or the file
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

  /// Size of packed weights in bytes.
  public func byteCount(of section: PackedSection) -> Int {
    file.tensor(section.tensor)?.count ?? 0
  }

  /// Packs the weights again for each section of `isa` that this program can use, and returns
  /// whether the result is the same.
  ///
  /// - Throws: Whatever creating a network throws.
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

  /// Finds packed weights by a network's layout; `nil` if there are none in `precision`.
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
        throw PackingRecord.fault(file, .damaged, "The packed weights are damaged.")
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
