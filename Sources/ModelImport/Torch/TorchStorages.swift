internal import Models
internal import Layers

/// The storages of a checkpoint, and where in the file they are.
struct TorchStorages {
  let file: MappedFile
  /// The bytes of each storage, by its key.
  var ranges: [String: Range<Int>]

  /// The tensor `name`, after checking that it stays inside its storage.
  func tensor(_ name: String, _ tensor: TorchTensor) throws(ModelFileError) -> SourceTensor {
    let size = tensor.storage.type.byteCount
    guard let range = ranges[tensor.storage.key] else {
      throw damaged("The data of the tensor \(name) (\(tensor.storage.key)) is missing.")
    }
    guard let end = tensor.end, end <= range.count / size else {
      throw damaged("The tensor \(name) exceeds its data of \(range.count) bytes.")
    }
    // Strides of zero make any number of elements of one.
    let count = checkedElementCount(tensor.shape) ?? 0
    guard count <= max(range.count / size, Self.mostRepeated) else {
      throw ModelFileError(
        .tooLarge, path: file.path,
        message: "The tensor \(name) repeats its \(range.count) bytes to \(count) numbers.",
        remedy: "Save it with tensor.contiguous().")
    }
    let file = file
    return SourceTensor(shape: tensor.shape, type: tensor.storage.type) {
      () throws(ModelFileError) in
      if tensor.isContiguous {
        let count = checkedElementCount(tensor.shape) ?? 0
        let start = range.lowerBound + (count == 0 ? 0 : tensor.offset) * size
        return file.withBytes(in: start..<start + count * size) {
          widen($0, from: tensor.storage.type)
        }
      }
      return file.withBytes(in: range.lowerBound..<range.lowerBound + end * size) {
        Self.gather($0, tensor)
      }
    }
  }

  /// The most elements of a tensor that repeats those of its storage.
  private static let mostRepeated = 1 << 16

  func damaged(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: file.path, message: message,
      remedy: "The file is damaged or truncated; download it or create it again.")
  }

  /// The tensor's elements in the order of its shape, from the bytes of its storage.
  private static func gather(_ bytes: RawSpan, _ tensor: TorchTensor) -> [Float] {
    let size = tensor.storage.type.byteCount
    let count = checkedElementCount(tensor.shape) ?? 0
    var gathered: [UInt8] = []
    gathered.reserveCapacity(count * size)
    for position in StridedPositions(
      shape: tensor.shape, strides: tensor.strides, offset: tensor.offset)
    {
      for byte in 0..<size {
        gathered.append(
          unsafe bytes.unsafeLoad(fromByteOffset: position * size + byte, as: UInt8.self))
      }
    }
    return unsafe widen(gathered.span.bytes, from: tensor.storage.type)
  }
}
