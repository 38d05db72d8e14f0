internal import Layers

/// A value that a pickle can build: plain data, and tensors that are still only descriptions.
///
/// Containers, storages and tensors are indices into the machine's heap, so a pickle that nests a
/// million levels deep, or puts a list into itself, causes no recursion and no cycle, and a value
/// takes few bytes.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case bytes
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
}

/// What a pickle may make the machine hold and do; the largest checkpoints of this family need a
/// hundredth of it.
enum PickleLimits {
  /// Bytes of the pickle: 16 MiB.
  ///
  /// The numbers of tensors are outside of it.
  static let bytes = 16 << 20
  /// Values that are made, recalled or memoised: 2 Mi, enough for 40,000 tensors.
  static let values = 2 << 20
  /// Bytes of the name of a tensor or storage.
  static let name = 1024
}

/// The Python names that a checkpoint may refer to.
///
/// None of them is imported: each stands for a rule of ``PickleMachine``.
enum PickleGlobal: Hashable, Sendable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  case storage(ElementType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
      self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", _):
      guard let type = Self.storageTypes[name] else { return nil }
      self = .storage(type)
    default: return nil
    }
  }

  private static let storageTypes: [String: ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
  ]
}

/// A block of numbers in a checkpoint: the archive's member `data/KEY`.
struct TorchStorage: Hashable, Sendable {
  var type: ElementType
  var key: String
  /// Number of elements, as the pickle claims.
  var count: Int
}

/// A tensor as a view of a storage: element `i, j, …` is at `offset + i * strides[0] + j *
/// strides[1] …`.
struct TorchTensor: Hashable, Sendable {
  var storage: TorchStorage
  var offset: Int
  var shape: [Int]
  var strides: [Int]

  /// The position after the last element in the storage; zero if the tensor is empty, `nil` if an
  /// element would be outside the storage.
  var end: Int? {
    guard offset >= 0, shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }),
      strides.allSatisfy({ $0 >= 0 }), checkedElementCount(shape) != nil
    else { return nil }
    guard !shape.contains(0) else { return 0 }
    var last = offset
    for (side, stride) in zip(shape, strides) {
      let (span, overflows) = (side - 1).multipliedReportingOverflow(by: stride)
      let (sum, carries) = last.addingReportingOverflow(span)
      guard !overflows, !carries else { return nil }
      last = sum
    }
    return last < storage.count ? last + 1 : nil
  }

  /// Whether the elements are contiguous and in the order of the shape.
  var isContiguous: Bool {
    var expected = 1
    for (side, stride) in zip(shape, strides).reversed() where side != 1 {
      guard stride == expected else { return false }
      expected *= side
    }
    return true
  }
}
