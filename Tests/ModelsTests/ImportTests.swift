import Backbone
import Layers
import SSDLite
import Testing

@testable import Models
@testable import ModelImport

@Suite("import")
struct ImportTests {
  @Test("a state dictionary is imported from every format, with width and classes from its shapes")
  func forms() throws {
    let tiny = try TinyModel()
    try inTemporaryFolder { folder in
      try tiny.writeSafetensors(folder + "/plain")
      try tiny.writeSafetensors(folder + "/wrapped", prefix: "module.model.")
      try write(tiny.checkpoint.archive(), to: folder + "/a.pth")
      try write(tiny.checkpoint.archive(isZip64: true), to: folder + "/b.pth")
      var nested = tiny.checkpoint
      nested.nesting = ["state_dict", "model"]
      try write(nested.archive(), to: folder + "/c.pth")
      try write(tiny.checkpoint.legacy(), to: folder + "/d.pth")
      for name in ["plain", "wrapped", "a.pth", "b.pth", "c.pth", "d.pth"] {
        let model = try Importer.run(
          ImportRequest(path: "\(folder)/\(name)", output: folder + "/tiny.safetensors"))
        #expect(model.description.architecture == .classifier(tiny.specification), "\(name)")
        #expect(model.description.labels == ["class 0", "class 1", "class 2", "class 3"])
        #expect(model.description.normalization == .imageNet)
        for (tensor, values) in tiny.folded {
          let shape = try #require(SafetensorsFile(path: model.path).tensor(tensor)?.shape)
          #expect(try model.weights(tensor, shape) == values, "\(name) \(tensor)")
        }
      }
    }
  }

  @Test("strides and offsets of a checkpoint's tensors are respected")
  func strides() throws {
    let writer = CheckpointWriter(tensors: [
      .init("transposed", [2, 3], [9, 1, 2, 3, 4, 5, 6], strides: [1, 2], offset: 1),
      .init("repeated", [2, 2], [7, 8], strides: [0, 1]),
      .init("one", [], [5], strides: []),
      .init("wide", [1, 2], [1, 2], strides: [.max, 1]),
      .init("none", [0, 3], []),
    ])
    try inTemporaryFolder { folder in
      try write(writer.archive(), to: folder + "/a.pth")
      let source = try Importer.read(folder + "/a.pth")
      #expect(try source.tensors["transposed"]?.read() == [1, 3, 5, 2, 4, 6])
      #expect(try source.tensors["repeated"]?.read() == [7, 8, 7, 8])
      #expect(try source.tensors["one"]?.read() == [5])
      #expect(try source.tensors["wide"]?.read() == [1, 2])
      #expect(try source.tensors["none"]?.read() == [])
    }
  }

  @Test("an ordered dictionary written by Python 2 is read")
  func pythonTwo() throws {
    // OrderedDict([["a", 1], ["b", None]])
    var pickle: [UInt8] =
      [0x80, 2] + CheckpointWriter(tensors: []).global("collections", "OrderedDict")
    pickle += [
      0x5D, 0x28, 0x5D, 0x28, 0x55, 1, 0x61, 0x4B, 1, 0x65, 0x5D, 0x28, 0x55, 1, 0x62, 0x4E,
    ]
    pickle += [0x65, 0x65, 0x85, 0x52, 0x2E]
    var machine = PickleMachine(pickle, path: "")
    guard case .dictionary(let index) = try machine.run() else {
      Issue.record("this is not a dictionary")
      return
    }
    let items = machine.dictionaries[index]
    #expect(items.count == 2)
    guard case .string("a") = items[0].key, case .int(1) = items[0].value,
      case .string("b") = items[1].key, case .none = items[1].value
    else {
      Issue.record("\(items)")
      return
    }
  }

  @Test("the user's options override the conventions")
  func options() throws {
    let tiny = try TinyModel()
    try inTemporaryFolder { folder in
      try tiny.writeSafetensors(folder + "/plain")
      try write([UInt8]("n01440764 tench, Tinca tinca\nb\nc\nd\n".utf8), to: folder + "/names")
      var request = ImportRequest(path: folder + "/plain", output: folder + "/m.safetensors")
      request.architecture = .mobileNetV2
      request.padding = .same
      request.inputSize = (96, 128)
      request.labels = folder + "/names"
      request.name = "mine"
      request.license = "MIT"
      request.normalization = .signedUnit
      let description = try Importer.run(request).description
      #expect(description.architecture.inputHeight == 96)
      #expect(description.architecture.inputWidth == 128)
      #expect(description.labels == ["tench, Tinca tinca", "b", "c", "d"])
      #expect(description.name == "mine" && description.license == "MIT")
      #expect(description.normalization == .signedUnit)
      guard case .classifier(let specification) = description.architecture else {
        Issue.record("it is no classifier")
        return
      }
      #expect(specification.padding == .same)
    }
  }

  @Test("a mismatch gives its error code and names the tensor")
  func faults() throws {
    let tiny = try TinyModel()
    let extra = WritableTensor(name: "features.99.weight", shape: [1], [1])
    try inTemporaryFolder { folder in
      func fault(_ change: (inout ImportRequest) -> Void = { _ in }) -> ModelFileError? {
        var request = ImportRequest(path: folder + "/plain", output: folder + "/m.safetensors")
        request.architecture = .mobileNetV2
        change(&request)
        do throws(ModelFileError) {
          try Importer.run(request)
          return nil
        } catch {
          return error
        }
      }
      try tiny.writeSafetensors(folder + "/plain", without: "features.3.conv.0.1.running_mean")
      #expect(fault()?.code == .missingTensor)
      #expect(fault()?.message.contains("features.3.conv.0.1.running_mean") == true)
      try tiny.writeSafetensors(folder + "/plain", adding: [extra])
      #expect(fault()?.code == .unknownTensor)
      #expect(fault()?.message.contains("features.99.weight") == true)
      try tiny.writeSafetensors(folder + "/plain")
      #expect(fault() == nil)
      #expect(fault { $0.width = 0.5 }?.code == .wrongShape)
      #expect(fault { $0.classes = 5 }?.code == .wrongShape)
      #expect(fault { $0.width = -1 }?.code == .invalidOption)
      #expect(fault { $0.inputSize = (8, 1 << 40) }?.code == .invalidOption)
      #expect(fault { $0.batchNormEpsilon = .nan }?.code == .invalidOption)
      #expect(fault { $0.architecture = .mobileNetV3Small }?.code == .missingTensor)
      #expect(fault { $0.output = folder + "/no/m" }?.code == .writeFailed)
      #expect(fault { $0.path = folder + "/none" }?.code == .notFound)
      #expect(fault { $0.labels = folder + "/none" }?.code == .notFound)
      try write([UInt8]("one\ntwo".utf8), to: folder + "/names")
      #expect(fault { $0.labels = folder + "/names" }?.code == .invalidOption)
      var broken = tiny
      broken.state[0].values[0] = .nan
      try broken.writeSafetensors(folder + "/plain")
      #expect(fault()?.code == .notFinite)
    }
  }

  @Test("a file of another kind is rejected with a remedy")
  func otherKinds() throws {
    try inTemporaryFolder { folder in
      let kinds: [(String, [UInt8])] = [
        ("old.pth", [0x80, 2, 0x8A, 10, 0x6C, 0xFC]), ("graph.onnx", [8, 7, 18, 4]),
        ("text.txt", [UInt8]("hello".utf8)), ("m.param", little(UInt32(7_767_517)) + [0, 0]),
        ("none.bin", [1, 2, 3]),
      ]
      for (name, bytes) in kinds {
        try write(bytes, to: "\(folder)/\(name)")
        #expect(
          code { _ = try Importer.read("\(folder)/\(name)") } == .unsupportedFormat, "\(name)")
      }
    }
  }
}
