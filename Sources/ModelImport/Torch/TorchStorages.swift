internal import Models
internal import Layers

/// The numbers of a checkpoint: where in the file each storage lies.
struct TorchStorages {
  let file: MappedFile
  /// Bytes of each storage, by its key.
  var ranges: [String: Range<Int>]

  /// The tensor `name`, whose view of its storage is checked.
  func tensor(_ name: String, _ tensor: TorchTensor) throws(ModelFileError) -> SourceTensor {
    let size = tensor.storage.type.byteCount
    guard let range = ranges[tensor.storage.key] else {
      throw damaged("The tensor \(name) has no data (\(tensor.storage.key)).")
    }
    guard let end = tensor.end, end <= range.count / size else {
      throw damaged("The tensor \(name) leaves its data of \(range.count) bytes.")
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
      let numbers = file.withBytes(in: range.lowerBound..<range.lowerBound + end * size) {
        widen($0, from: tensor.storage.type)
      }
      return Self.gather(numbers, tensor)
    }
  }

  func damaged(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: file.path, message: message,
      remedy: "The file is damaged or cut short; fetch or make it again.")
  }

  /// The tensor's numbers in the order of its shape.
  private static func gather(_ numbers: [Float], _ tensor: TorchTensor) -> [Float] {
    var result: [Float] = []
    let count = checkedElementCount(tensor.shape) ?? 0
    result.reserveCapacity(count)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    var position = tensor.offset
    for _ in 0..<count {
      result.append(numbers[position])
      // Counts on like an odometer, the last side fastest.
      for side in index.indices.reversed() where tensor.shape[side] > 1 {
        index[side] += 1
        position += tensor.strides[side]
        if index[side] < tensor.shape[side] { break }
        position -= index[side] * tensor.strides[side]
        index[side] = 0
      }
    }
    return result
  }
}
